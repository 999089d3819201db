using System.Globalization;
using System.Text;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// The agent as a Compose file, for a host that has Docker and docker-compose already. The Master's certificate authority lies
/// at <see cref="AgentEnvironment.MasterCaPath"/> where there is one. The version is fixed: such hosts are updated by a new file.
/// Holds the tokens: for root's eyes only.
/// </summary>
public static class ComposeFile
{
    /// <exception cref="BootstrapException">See <see cref="AgentEnvironment.Of"/>.</exception>
    public static byte[] Render(AgentInput agent, TemplateSpec template)
    {
        var image = $"{template.Agent?.Image ?? AgentUnit.DefaultImage}:{AgentEnvironment.Version(agent, template.Agent)}";
        var text = new StringBuilder($"""
            services:
              kontena-agent:
                container_name: kontena-agent
                image: {YamlText.Quoted(image)}
                network_mode: host
                restart: unless-stopped
                environment:

            """);
        foreach (var variable in AgentEnvironment.Of(agent, template.Agent))
            text.Append(CultureInfo.InvariantCulture, $"      {variable.Name}: {YamlText.Quoted(Literal(variable.Value))}\n");
        text.Append("    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n");
        if (agent.MasterCa is not null) text.Append($"      - {AgentEnvironment.MasterCaPath}:{AgentEnvironment.MasterCaPath}:ro\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // Compose puts variables of its own surroundings in place of $NAME.
    private static string Literal(string value) => value.Replace("$", "$$", StringComparison.Ordinal);
}
