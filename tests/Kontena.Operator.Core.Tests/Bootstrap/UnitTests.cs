using System.Runtime.Versioning;
using Kontena.Operator.Core.Bootstrap;

namespace Kontena.Operator.Core.Tests.Bootstrap;

[SupportedOSPlatform("linux")]
public sealed class UnitTests
{
    private static IEnumerable<BootstrapCase> Cases => BootstrapCase.All.Where(c => c.Input is { Agent: not null, UserData: null });

    [TestCaseSource(nameof(Cases))]
    public async Task Verify_UnitsOfTheCase_HaveNoFault(BootstrapCase @case)
    {
        var analyze = SystemTool.Require("systemd-analyze", "systemd");
        using var folder = new TempFolder();
        // The units' programs need not be on this machine, but must be somewhere.
        folder.Program("any", "true");
        List<string> files = [folder.Write("docker.service", $"[Service]\nExecStart={folder.At("bin/any")}\n")];
        foreach (var (path, file) in RenderedMachine.Of(BootstrapData.Render(@case.Input)).Files.Where(f => f.Key.EndsWith(".service", StringComparison.Ordinal)))
            files.Add(folder.Write(Path.GetFileName(path), file.Content.Replace("/usr/bin/docker", folder.At("bin/any"), StringComparison.Ordinal).Replace("/opt/kontena/bin/", folder.At("bin/any") + " ", StringComparison.Ordinal)));
        var output = await analyze.RunWellAsync(["verify", "--man=no", .. files]);
        Assert.That(output.Split('\n').Where(line => line.Contains(folder.Path, StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("ubuntu-pinned-required", "ExecStartPre=/opt/kontena/bin/esp")]
    [TestCase("ubuntu-pinned-preferred", "ExecStartPre=-/opt/kontena/bin/esp")]
    [TestCase("ubuntu-pinned-disabled", null)]
    public void Unit_IpsecMode_DecidesWhetherTheKernelMust(string name, string? line)
    {
        var machine = Machine(name);
        Assert.That(machine.Unit.Split('\n').SingleOrDefault(l => l.EndsWith("/esp", StringComparison.Ordinal)), Is.EqualTo(line));
        Assert.That(machine.Files.ContainsKey("/opt/kontena/bin/esp"), Is.EqualTo(line is not null));
    }

    [TestCase("ubuntu-pinned-preferred", true, TestName = "Unit_MastersVersion_FollowsTheMaster")]
    [TestCase("ubuntu-everything", false, TestName = "Unit_VersionOfTheTemplate_Stays")]
    public void Unit_Version(string name, bool follows) =>
        Assert.That(Machine(name).Unit.Contains(":/etc/kontena.env", StringComparison.Ordinal), Is.EqualTo(follows));

    [TestCaseSource(nameof(Cases))]
    public void Files_WithASecret_AreRootsAlone(BootstrapCase @case)
    {
        foreach (var (path, file) in RenderedMachine.Of(BootstrapData.Render(@case.Input)).Files)
            if (Canary.In(file.Content).Count > 0) Assert.That((path, file.Mode), Is.EqualTo(("/etc/kontena-agent.env", 384)));
    }

    private static RenderedMachine Machine(string name) => RenderedMachine.Of(BootstrapData.Render(BootstrapCase.All.Single(c => c.Name == name).Input));
}
