using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>What a machine would have after it read its user-data: files and units, read back by parsers that are not ours.</summary>
internal sealed record RenderedMachine(IReadOnlyDictionary<string, RenderedFile> Files)
{
    private const string Units = "/etc/systemd/system/";

    public string Unit => Files[$"{Units}kontena-agent.service"].Content;

    public static RenderedMachine Of(byte[] data) => data[0] == '{' ? OfIgnition(data) : OfCloudConfig(Encoding.UTF8.GetString(data));

    public static RenderedMachine OfCloudConfig(string text)
    {
        var config = (Dictionary<object, object>)new DeserializerBuilder().Build().Deserialize(text)!;
        var files = ((List<object>)config["write_files"]).Cast<Dictionary<object, object>>()
            .ToDictionary(f => (string)f["path"], f => new RenderedFile(Convert.ToInt32((string)f["permissions"], 8), (string)f["content"]));
        // Where Ignition has a file the cloud-config has a command.
        files["/opt/kontena/bin/identity"] = new RenderedFile(493, (string)((List<object>)((List<object>)config["bootcmd"])[^1])[2]);
        return new RenderedMachine(files);
    }

    private static RenderedMachine OfIgnition(byte[] data)
    {
        var config = JsonNode.Parse(data)!;
        var files = config["storage"]!["files"]!.AsArray().ToDictionary(
            f => (string)f!["path"]!, f => new RenderedFile((int)f!["mode"]!, Content((string)f["contents"]!["source"]!)));
        foreach (var unit in config["systemd"]!["units"]!.AsArray())
            if (unit!["contents"] is { } contents) files[Units + unit["name"]] = new RenderedFile(420, (string)contents!);
        return new RenderedMachine(files);
    }

    /// <summary>As docker run --env-file takes it apart (docker cli, opts/file.go): the first = divides, nothing is quoted.</summary>
    public IReadOnlyDictionary<string, string> Environment => Files["/etc/kontena-agent.env"].Content
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);

    private static string Content(string url) => Encoding.UTF8.GetString(Convert.FromBase64String(url["data:;base64,".Length..]));
}
