using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Image;

/// <summary>
/// The base images of the Dockerfile, made from this machine's own .NET where none can be pulled (<c>base-image.sh</c>). What stands in for the
/// SDK has the packages that the build restores, so that it needs no network.
/// </summary>
internal static class StandInImages
{
    public const string Sdk = "kontena-stand-in/sdk:1";
    public const string Runtime = "kontena-stand-in/aspnet:1";

    private const string SearchPath = "PATH=/usr/share/dotnet:/usr/bin:/bin";

    private static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string PackageFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public static async Task ImportAsync(DockerDaemon daemon, CancellationToken ct)
    {
        const string Import = """name=$1 settings=$2; shift 2; bash "$@" | "${DOCKER[@]}" import --change "$settings" - "$name" """;
        var script = Path.Combine(AppContext.BaseDirectory, "Image", "base-image.sh");
        (await daemon.ShellAsync(Import, [Runtime, $"ENV {SearchPath}", script, "runtime", DotnetRoot], ct)).Succeeded();
        (await daemon.ShellAsync(Import, [Sdk, $"ENV {SearchPath} HOME=/root DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 NuGetAudit=false", script, "sdk", DotnetRoot, PackageFolder, .. Packages()], ct)).Succeeded();
    }

    /// <summary>What the program's projects were restored with, and what a ReadyToRun build takes besides (EndToEnd.csproj fetches that).</summary>
    private static IReadOnlyList<string> Packages()
    {
        var restored = Directory.GetFiles(Path.Combine(RepositoryFolders.Root, "src"), "project.assets.json", SearchOption.AllDirectories)
            .Select(f => JsonNode.Parse(File.ReadAllText(f))!["libraries"]!.AsObject())
            .SelectMany(l => l.Where(p => p.Value!["type"]!.GetValue<string>() == "package").Select(p => p.Value!["path"]!.GetValue<string>()));
        var version = typeof(StandInImages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(m => m.Key == "BundledNETCoreAppPackageVersion").Value;
        string[] compiler = ["microsoft.netcore.app.crossgen2.linux-x64", "microsoft.netcore.app.runtime.linux-x64", "microsoft.aspnetcore.app.runtime.linux-x64"];
        return [.. restored.Concat(compiler.Select(p => $"{p}/{version}")).Distinct(StringComparer.Ordinal)];
    }
}
