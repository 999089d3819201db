using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>User-data that works, to be spoilt line by line. Written for these tests, not by the operator's renderers.</summary>
internal static class Bootstraps
{
    public static string GridToken => Canary.Of("grid-token");

    public static string NodeToken => Canary.Of("node-token");

    public const string NodeId = "ABCD:EFGH:IJKL:MNOP:QRST:UVWX:YZ23:4567:ABCD:EFGH:IJKL:MNOP";

    public static string Environment(string master) => $"""
        # what the agent is told
        KONTENA_URI={master}
        KONTENA_TOKEN={GridToken}
        KONTENA_NODE_TOKEN="{NodeToken}"
        KONTENA_NODE_ID={NodeId}
        KONTENA_NODE_NAME=web-0
        KONTENA_NODE_LABELS="region=eu-west-1 az=a"
        KONTENA_PEER_INTERFACE=ens5
        KONTENA_VERSION=1.5.4
        """;

    public static string Unit => """
        [Unit]
        Description=Kontena Agent
        After=network-online.target docker.service
        Wants=network-online.target
        Requires=docker.service
        [Service]
        Restart=always
        RestartSec=5
        EnvironmentFile=/etc/kontena-agent.env
        ExecStartPre=-/usr/bin/docker stop kontena-agent
        ExecStartPre=-/usr/bin/docker rm kontena-agent
        ExecStartPre=/usr/bin/docker pull kontena/agent:${KONTENA_VERSION}
        ExecStart=/usr/bin/docker run --name kontena-agent \
          -e KONTENA_URI \
          -e KONTENA_TOKEN -e KONTENA_NODE_TOKEN \
          -e KONTENA_NODE_ID -e KONTENA_NODE_NAME -e KONTENA_NODE_LABELS \
          -e KONTENA_PEER_INTERFACE \
          -v /var/run/docker.sock:/var/run/docker.sock \
          -v /etc/kontena-agent.env:/etc/kontena.env \
          --net=host \
          kontena/agent:${KONTENA_VERSION}
        [Install]
        WantedBy=multi-user.target
        """;

    public static string CloudConfig(string master) => $"""
        #cloud-config
        hostname: web-0
        write_files:
          - path: /etc/kontena-agent.env
            permissions: "0600"
            content: |
        {Indent(Environment(master))}
          - path: /etc/systemd/system/kontena-agent.service
            content: |
        {Indent(Unit)}
        packages:
          - chrony
          - docker.io
        runcmd:
          - [systemctl, daemon-reload]
          - [systemctl, enable, --now, kontena-agent.service]
        """;

    public static string Ignition(string master) => new JsonObject
    {
        ["ignition"] = new JsonObject { ["version"] = "3.3.0" },
        ["storage"] = new JsonObject
        {
            ["files"] = new JsonArray(new JsonObject
            {
                ["path"] = "/etc/kontena-agent.env",
                ["mode"] = 384,
                ["contents"] = new JsonObject { ["source"] = "data:," + Uri.EscapeDataString(Environment(master).Replace("ens5", "eth0", StringComparison.Ordinal)) },
            }),
        },
        ["systemd"] = new JsonObject
        {
            ["units"] = new JsonArray(new JsonObject { ["name"] = "kontena-agent.service", ["enabled"] = true, ["contents"] = Unit },
                new JsonObject { ["name"] = "systemd-timesyncd.service", ["enabled"] = true }),
        },
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    /// <summary>The text with one piece replaced, which must be there.</summary>
    public static string With(this string text, string piece, string other)
    {
        Assert.That(text, Does.Contain(piece));
        return text.Replace(piece, other, StringComparison.Ordinal);
    }

    public static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => "      " + line));
}
