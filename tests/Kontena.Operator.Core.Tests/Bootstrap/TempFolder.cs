using System.Runtime.Versioning;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>A folder that is gone after the test.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bootstrap-").FullName;

    public string Write(string name, string content)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A program for a script's PATH.</summary>
    public void Program(string name, string body)
    {
        var path = Write($"bin/{name}", $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <param name="name">Relative, or as on a machine whose root this folder is.</param>
    public string At(string name) => System.IO.Path.Combine(Path, name.TrimStart('/'));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
