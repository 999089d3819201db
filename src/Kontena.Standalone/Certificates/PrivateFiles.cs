using System.Text;

namespace Kontena.Standalone.Certificates;

/// <summary>Files that only their owner may read.</summary>
internal static class PrivateFiles
{
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes the whole file or leaves the old one: a reader never sees half of it.</summary>
    public static void Write(string path, string content)
    {
        var draft = $"{path}.new";
        File.Delete(draft);
        using (var file = Open(draft, FileMode.CreateNew)) file.Write(Encoding.UTF8.GetBytes(content));
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Makes an empty file, so that whoever fills it later (SQLite) inherits the mode; leaves an existing one.</summary>
    public static void Touch(string path) => Open(path, FileMode.OpenOrCreate).Dispose();

    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
