namespace Kontena.Kubernetes.Tests.Client;

/// <summary>A folder of one test, removed with it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kontena-client-");

    public string Path => folder.FullName;

    public string this[string name] => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!); // this[name] is never a root
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>A shell script that may be run; skips the test where there is no /bin/sh.</summary>
    public string Script(string name, string text)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Needs /bin/sh.");
        else
        {
            Write(name, "#!/bin/sh\n" + text);
            File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);
}
