using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>The docker command itself reads the unit's arguments and the environment file; a stand-in for the daemon writes down what it was asked for.</summary>
[SupportedOSPlatform("linux")]
public sealed class DockerRunTests
{
    [Test]
    public async Task Run_UnitOfANode_GivesTheContainerEveryVariableAsItIs()
    {
        var docker = SystemTool.Require("docker", "docker.io");
        var spec = new AgentSpec { Environment = new Dictionary<string, string> { ["A"] = "  blanks  at both ends ", ["B"] = "\"quoted\" 'twice'", ["C"] = "$HOME ${HOME} $$ %h %%", ["D"] = "back\\slash\\", ["E"] = "# no comment", ["F"] = "tab\there", ["G"] = "é 日本 😀", ["H"] = "a=b=c", ["I"] = "" } };
        var agent = BootstrapCase.Agent();
        var input = BootstrapCase.Node(OperatingSystem.Ubuntu, agent) with { Template = new TemplateSpec { Agent = spec } };
        var machine = RenderedMachine.Of(BootstrapData.Render(input));

        using var root = new TempFolder();
        root.Write(BootScripts.FoundPath, "KONTENA_PEER_INTERFACE=ens5\n");
        root.Write(AgentUnit.EnvironmentPath, machine.Files[AgentUnit.EnvironmentPath].Content);
        var created = await CreateAsync(docker, root, Arguments(machine, root));

        Assert.That(created["Env"]!.AsArray().Select(v => (string)v!),
            Is.EquivalentTo(AgentEnvironment.Of(agent, spec).Select(v => $"{v.Name}={v.Value}").Append("KONTENA_PEER_INTERFACE=ens5")));
        Assert.Multiple(() =>
        {
            Assert.That((string)created["Image"]!, Is.EqualTo("kontena/agent:1.5.4"));
            Assert.That((string)created["HostConfig"]!["NetworkMode"]!, Is.EqualTo("host"));
            Assert.That(created["HostConfig"]!["Binds"]!.AsArray().Select(b => (string)b!),
                Is.EquivalentTo(new[] { "/var/run/docker.sock:/var/run/docker.sock", "/etc/kontena-agent-version.env:/etc/kontena.env" }));
        });
    }

    /// <summary>Of the unit's <c>docker run</c>, as systemd makes them: no argument has a blank.</summary>
    private static IEnumerable<string> Arguments(RenderedMachine machine, TempFolder root)
    {
        var line = machine.Unit.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal));
        var version = machine.Files[AgentUnit.VersionPath].Content.Trim().Split('=')[1];
        return line.Replace("${KONTENA_VERSION}", version, StringComparison.Ordinal)
            .Replace($"--env-file {AgentUnit.EnvironmentPath}", $"--env-file {root.At(AgentUnit.EnvironmentPath)}", StringComparison.Ordinal)
            .Replace($"--env-file {BootScripts.FoundPath}", $"--env-file {root.At(BootScripts.FoundPath)}", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(2);
    }

    private static async Task<JsonObject> CreateAsync(SystemTool docker, TempFolder root, IEnumerable<string> arguments)
    {
        JsonObject? created = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(root.At("docker.sock")));
        await using var daemon = builder.Build();
        daemon.Run(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/containers/create", StringComparison.Ordinal))
            {
                created = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
                context.Response.StatusCode = StatusCodes.Status201Created;
                await context.Response.WriteAsync("""{"Id": "c0ffee", "Warnings": []}""");
                return;
            }
            context.Response.Headers["Api-Version"] = "1.41";
            await context.Response.WriteAsync("{}");
        });
        await daemon.StartAsync();
        // "create" is "run" without the start.
        Dictionary<string, string> environment = new() { ["DOCKER_HOST"] = $"unix://{root.At("docker.sock")}", ["DOCKER_CONFIG"] = root.Path };
        await docker.RunWellAsync(["create", .. arguments], environment: environment);
        await daemon.StopAsync();
        return created ?? throw new InvalidOperationException("docker asked for no container");
    }
}
