using System.Runtime.Versioning;
using System.Text;
using Kontena.Operator.Core.Bootstrap;

namespace Kontena.Operator.Core.Tests.Bootstrap;

[SupportedOSPlatform("linux")]
public sealed class ComposeTests
{
    [TestCase("ubuntu-everything")]
    [TestCase("ubuntu-pinned-preferred")]
    [TestCase("ubuntu-engine-preferred")]
    [TestCase("ubuntu-http")]
    public async Task Config_Case_IsRead_AndEveryVariableIsThere(string name)
    {
        var compose = SystemTool.Require("docker-compose", "docker-compose");
        var input = BootstrapCase.All.Single(c => c.Name == name).Input;
        var (agent, template) = (input.Agent!, input.Template);
        using var folder = new TempFolder();
        var file = folder.Write("docker-compose.yml", Encoding.UTF8.GetString(ComposeFile.Render(agent, template)));
        await compose.RunWellAsync(["-f", file, "config", "-q"]);

        // What it prints can be given to it again, so $ is doubled there, too.
        var resolved = RenderedYaml.Read(await compose.RunWellAsync(["-f", file, "config"], environment: new Dictionary<string, string> { ["HOME"] = "elsewhere" }));
        var environment = resolved["services"]!["kontena-agent"]!["environment"]!.AsObject();
        Assert.That(environment.ToDictionary(v => v.Key, v => ((string)v.Value!).Replace("$$", "$", StringComparison.Ordinal)),
            Is.EquivalentTo(AgentEnvironment.Of(agent, template.Agent).ToDictionary(v => v.Name, v => v.Value)));
    }
}
