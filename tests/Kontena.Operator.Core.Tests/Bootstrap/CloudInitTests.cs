using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Bootstrap;
using Kontena.TestKit;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>cloud-init's own code reads what we render: its schema, and how it merges parts.</summary>
[SupportedOSPlatform("linux")]
public sealed class CloudInitTests
{
    private static IEnumerable<BootstrapCase> Cases => BootstrapCase.All.Where(c => c.Input.Template.OperatingSystem is not OperatingSystem.Flatcar && c.Name != "plain-user-data");

    [TestCaseSource(nameof(Cases))]
    public async Task Schema_Case_Holds(BootstrapCase @case)
    {
        var cloudInit = SystemTool.Require("cloud-init", "cloud-init");
        var rendered = BootstrapData.Render(@case.Input);
        using var folder = new TempFolder();
        var text = @case.Input.UserData is null ? Encoding.UTF8.GetString(rendered) : $"#cloud-config\n{(await ReadAsync(rendered))["config"]}\n";
        await cloudInit.RunWellAsync(["schema", "--config-file", folder.Write("user-data", text)]);
    }

    [Test]
    public async Task Merge_CloudConfigOfTheUser_KeepsBoth_AndOursIsWrittenLast()
    {
        var config = await ConfigAsync("#cloud-config\nmerge_how: dict(replace)+list(replace)\nhostname: mine\npackages: [htop]\nruncmd:\n- [touch, /etc/mine]\nwrite_files:\n- path: /etc/kontena-agent.env\n  content: mine\n");
        var writes = config["write_files"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(config["packages"]!.AsArray().Select(p => (string)p!), Is.EqualTo(new[] { "htop", "docker.io" }));
            Assert.That((string)config["runcmd"]![0]![0]!, Is.EqualTo("touch"));
            Assert.That(config["runcmd"]!.AsArray().Last()!.AsArray().Select(p => (string)p!), Does.Contain("kontena-agent.service"));
            Assert.That((string)writes[0]!["content"]!, Is.EqualTo("mine"));
            Assert.That(writes.Skip(1).Select(w => (string)w!["path"]!), Does.Contain("/etc/kontena-agent.env"), "the later one stays on the disk");
            Assert.That(config["bootcmd"]!.AsArray(), Has.Count.EqualTo(1));
        });
    }

    [TestCase("#!/bin/sh\necho für alle\n", "text/x-shellscript")]
    [TestCase("#cloud-boothook\ntrue\n", "text/cloud-boothook")]
    public async Task Merge_OtherPart_ArrivesAsItWas(string text, string type)
    {
        var read = await ReadAsync(Render(Encoding.UTF8.GetBytes(text)));
        var other = read["others"]!.AsArray().Single()!;
        Assert.That(((string)other[0]!, ((string)other[2]!).TrimEnd('\n')), Is.EqualTo((type, text.TrimEnd('\n'))));
        Assert.That(read["config"]!["write_files"], Is.Not.Null);
    }

    [Test]
    public async Task Merge_MimeOfTheUser_KeepsItsParts()
    {
        var read = await ReadAsync(BootstrapData.Render(BootstrapCase.All.Single(c => c.Name == "debian-mime").Input));
        Assert.That((string)read["others"]![0]![0]!, Is.EqualTo("text/x-shellscript"));
        Assert.That(read["config"]!["packages"]!.AsArray().Select(p => (string)p!), Is.EqualTo(new[] { "htop", "docker.io" }));
    }

    [Test]
    public async Task Merge_CompressedPartOfTheUser_IsUnpacked()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write("#cloud-config\npackages: [htop]\n"u8);
        var read = await ReadAsync(Render(compressed.ToArray()));
        Assert.That((string)read["config"]!["packages"]![0]!, Is.EqualTo("htop"));
    }

    [TestCase("ubuntu-everything")]
    [TestCase("ubuntu-script")]
    [TestCase("debian-mime")]
    public async Task Read_CaseCompressed_SaysTheSame(string name)
    {
        var input = BootstrapCase.All.Single(c => c.Name == name).Input;
        var rendered = BootstrapData.Render(input);
        var fitted = UserDataFit.Fit(rendered, input, new(KeyedCreate: true, TimeSpan.Zero, rendered.Length - 1, GzipUserData: true));
        Assert.That(fitted, Has.Length.LessThan(rendered.Length / 2));
        Assert.That((await ReadAsync(fitted)).ToJsonString(), Is.EqualTo((await ReadAsync(rendered)).ToJsonString()));
    }

    private static async Task<JsonNode> ConfigAsync(string users) => (await ReadAsync(Render(Encoding.UTF8.GetBytes(users))))["config"]!;

    private static byte[] Render(byte[] users) =>
        BootstrapData.Render(BootstrapCase.Node(OperatingSystem.Ubuntu, BootstrapCase.Agent()) with { UserData = users });

    private static async Task<JsonNode> ReadAsync(byte[] data)
    {
        SystemTool.Require("cloud-init", "cloud-init");
        // The module is the system's Python's, whichever other comes first on PATH.
        var python = SystemTool.Require("/usr/bin/python3", "python3");
        var script = Path.Combine(RepositoryFolders.Root, "tests", "Kontena.Operator.Core.Tests", "Bootstrap", "merge.py");
        var output = await python.RunWellAsync([script], data);
        return JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..])!;
    }
}
