using System.Text;
using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Machines;

/// <summary>A machine of somebody else that joins a grid with the grid token, as a cloud-config made by hand does: under the engine's own ID, without a node token.</summary>
public sealed record ForeignMachine
{
    public required string Grid { get; init; }

    /// <summary>Host name and node name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Name of the image, <c>*</c> and <c>?</c>; it must install packages as its cloud-config says (Ubuntu, Debian). All machines of a <see cref="MachineImage.Cloned"/> image share one engine ID.
    /// </summary>
    public string Image { get; init; } = "cloned/*";

    public string Region { get; init; } = "eu-west-1";

    /// <summary>Null: the region's first zone.</summary>
    public string? Zone { get; init; }

    public string InstanceType { get; init; } = "t3.small";

    public override string ToString() => $"{Grid}/{Name}";

    /// <summary>Its tags are its name alone: nothing says that an operator made it.</summary>
    internal ForeignInstance Instance(Uri master, string gridToken) => new()
    {
        Region = Region,
        Zone = Zone,
        InstanceType = InstanceType,
        Image = Image,
        UserData = Encoding.UTF8.GetBytes(CloudConfig(master, gridToken)),
        Tags = new Dictionary<string, string> { [nameof(Name)] = Name },
    };

    private string CloudConfig(Uri master, string gridToken) => $$"""
        #cloud-config
        hostname: "{{Name}}"
        packages: [chrony, docker.io]
        write_files:
          - path: /etc/kontena-agent.env
            permissions: "0600"
            content: |
              KONTENA_URI={{master}}
              KONTENA_TOKEN={{gridToken}}
              KONTENA_PEER_INTERFACE=ens5
              KONTENA_VERSION=latest
          - path: /etc/systemd/system/kontena-agent.service
            content: |
              [Unit]
              Description=Kontena Agent
              Requires=docker.service
              After=docker.service
              [Service]
              Restart=always
              RestartSec=5
              EnvironmentFile=/etc/kontena-agent.env
              ExecStartPre=-/usr/bin/docker rm -f kontena-agent
              ExecStart=/usr/bin/docker run --name kontena-agent --env-file /etc/kontena-agent.env --net=host \
                -v /var/run/docker.sock:/var/run/docker.sock -v /etc/kontena-agent.env:/etc/kontena.env kontena/agent:${KONTENA_VERSION}
              [Install]
              WantedBy=multi-user.target
        runcmd:
          - [systemctl, enable, --now, kontena-agent.service]

        """;
}
