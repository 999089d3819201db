using NUnit.Framework;

namespace Kontena.TestKit;

/// <summary>Where the checkout lies, and the folder of third-party specifications beside it that may be missing.</summary>
public static class RepositoryFolders
{
    /// <summary>The folder that holds <c>Kontena.Operator.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// A file or folder of the cloud API documents (<c>../shared/specs</c>, or <c>KONTENA_SPECS</c>).
    /// The calling test is skipped, saying so, where it is missing.
    /// </summary>
    public static string RequireSpecs(string relative)
    {
        var specs = Environment.GetEnvironmentVariable("KONTENA_SPECS") ?? Path.Combine(Root, "..", "shared", "specs");
        var path = Path.Combine(specs, relative);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Ignore($"The API document {relative} is not on this machine (set KONTENA_SPECS to the folder that has it).");
        return path;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Kontena.Operator.sln")))
                return folder.FullName;
        throw new InvalidOperationException("Kontena.Operator.sln was not found above the test binaries.");
    }
}
