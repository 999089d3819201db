namespace Kontena.Standalone.Tests.Crash;

/// <summary>The data folder holds a token, a key and Secrets: none of it is anybody else's to read.</summary>
internal static class PrivateModes
{
    public static void Check(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        Require(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(folder)) Require(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static void Require(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        if (File.GetUnixFileMode(path) is var found && found != mode) throw new AssertionException($"{path} has the mode {found}, not {mode}.");
    }
}
