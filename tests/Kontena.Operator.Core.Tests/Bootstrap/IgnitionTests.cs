using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Bootstrap;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>Ignition's validator, and Ignition itself: it writes into a folder what it would write on a machine's disk.</summary>
[SupportedOSPlatform("linux")]
public sealed class IgnitionTests
{
    private const string Program = "/usr/lib/dracut/modules.d/30ignition/ignition";

    private static IEnumerable<BootstrapCase> Cases => BootstrapCase.All.Where(c => c.Input.Template.OperatingSystem is OperatingSystem.Flatcar && c.Input.Agent is not null);

    [TestCaseSource(nameof(Cases))]
    public async Task Validate_Case_Passes(BootstrapCase @case)
    {
        var validator = SystemTool.Require("ignition-validate", "ignition");
        var rendered = BootstrapData.Render(@case.Input);
        using var folder = new TempFolder();
        foreach (var config in (byte[][])[rendered, .. Parts(rendered)])
            await validator.RunWellAsync([folder.Write("config.ign", Encoding.UTF8.GetString(config))]);
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Run_Case_WritesWhatWasRendered_CompressedOrNot(BootstrapCase @case)
    {
        var rendered = BootstrapData.Render(@case.Input);
        var fitted = UserDataFit.Fit(rendered, @case.Input, new(KeyedCreate: true, TimeSpan.Zero, rendered.Length - 1, GzipUserData: true));
        var ours = RenderedMachine.Of(Parts(rendered) is [.., var last] ? last : rendered);
        foreach (var config in (byte[][])[rendered, fitted])
        {
            using var root = new TempFolder();
            await RunAsync(config, root);
            foreach (var (path, file) in ours.Files)
            {
                Assert.That(File.ReadAllText(root.At(path)), Is.EqualTo(file.Content), path);
                Assert.That((int)File.GetUnixFileMode(root.At(path)), Is.EqualTo(file.Mode), path);
            }
            Assert.That(File.ResolveLinkTarget(root.At("/etc/systemd/network/50-docker.network"), returnFinalTarget: false)!.FullName, Is.EqualTo("/dev/null"));
            Assert.That(File.ReadAllText(root.At("/etc/systemd/system-preset/20-ignition.preset")),
                Does.Contain("enable kontena-agent.service").And.Contain("enable kontena-identity.service").And.Contain("enable docker.service"));
        }
    }

    [Test]
    public async Task Run_UsersFileInPlaceOfOurs_OursIsWritten_AndTheOtherOneToo()
    {
        var users = """{"ignition": {"version": "3.2.0"}, "storage": {"files": [{"path": "/etc/kontena-agent.env", "mode": 420, "contents": {"source": "data:,mine"}}, {"path": "/etc/motd", "contents": {"source": "data:,hello"}}]}, "systemd": {"units": [{"name": "kontena-agent.service", "enabled": false, "contents": "[Unit]\n"}]}}""";
        var input = BootstrapCase.Node(OperatingSystem.Flatcar, BootstrapCase.Agent()) with { UserData = Encoding.UTF8.GetBytes(users) };
        using var root = new TempFolder();
        await RunAsync(BootstrapData.Render(input), root);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(root.At("/etc/motd")), Is.EqualTo("hello"));
            Assert.That(File.ReadAllText(root.At("/etc/kontena-agent.env")), Does.StartWith("KONTENA_URI="));
            Assert.That((int)File.GetUnixFileMode(root.At("/etc/kontena-agent.env")), Is.EqualTo(384));
            Assert.That(File.ReadAllText(root.At("/etc/systemd/system-preset/20-ignition.preset")), Does.Contain("enable kontena-agent.service"));
        });
    }

    private static async Task RunAsync(byte[] config, TempFolder root)
    {
        var ignition = SystemTool.Require(Program, "ignition");
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("Ignition gives files to root: this test needs to be root.");
        using var work = new TempFolder();
        // Debian's build labels files for SELinux at the end.
        root.Write("etc/selinux/config", "SELINUX=disabled\nSELINUXTYPE=targeted\n");
        work.Program("setfiles", "true");
        var environment = new Dictionary<string, string>
        {
            ["IGNITION_CONFIG_FILE"] = work.Write("config.ign", Encoding.UTF8.GetString(config)),
            ["PATH"] = $"{work.At("bin")}:/usr/sbin:/usr/bin:/sbin:/bin",
        };
        string[] common = ["-platform", "file", "-root", root.Path, "-config-cache", work.At("cache"), "-state-file", work.At("state"), "-neednet", work.At("neednet"), "-log-to-stdout"];
        await ignition.RunWellAsync([.. common, "-stage", "fetch"], environment: environment);
        await ignition.RunWellAsync([.. common, "-stage", "files"], environment: environment);
    }

    private static List<byte[]> Parts(byte[] rendered) =>
        JsonNode.Parse(rendered)!["ignition"]!["config"]?["merge"]?.AsArray()
            .Select(part => Convert.FromBase64String(((string)part!["source"]!)["data:;base64,".Length..])).ToList() ?? [];
}
