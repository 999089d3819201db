namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Every keyword of a schema, kept and broken: compared by (reason, field).</summary>
public static class Schemas
{
    [Interaction]
    public static Task Numbers_Bounds(Scene scene) => JudgeAsync(scene, "numbers",
        """{"least": 1}""", """{"most": 10.5}""", """{"over": 0}""", """{"under": 10}""", """{"step": 7}""",
        """{"small": 3000000000}""", """{"big": 1.5}""", """{"real": "1"}""", """{"least": 1, "most": 11, "step": 3}""",
        """{"least": 2, "most": 10, "over": 0.1, "under": 9, "step": 10, "small": 2147483647, "big": 9007199254740991, "real": 1.5}""");

    [Interaction]
    public static Task Texts_LengthsPatternsAndEnums(Scene scene) => JudgeAsync(scene, "texts",
        """{"most": "abcde"}""", """{"least": "ab"}""", """{"code": "A1"}""", """{"code": "abc\n"}""", """{"part": "xx"}""", """{"part": "abba"}""",
        """{"choice": "three"}""", """{"number": 3}""", """{"number": "1"}""", """{"choice": null}""", """{"most": "äöüß"}""",
        """{"most": "", "least": "abc", "code": "abc", "choice": "one", "number": 2}""");

    [Interaction]
    public static Task Formats_Broken(Scene scene) => JudgeAsync(scene, "formats",
        """{"dateTime": "yesterday"}""", """{"dateTime": "2026-13-01T00:00:00Z"}""", """{"date": "2026-1-1"}""", """{"ipv4": "1.2.3"}""", """{"ipv4": "::1"}""",
        """{"ipv6": "1.2.3.4"}""", """{"cidr": "10.0.0.0"}""", """{"cidr": "10.0.0.0/33"}""", """{"mac": "zz"}""", """{"uuid": "123"}""",
        """{"uri": "no uri"}""", """{"hostname": "-a-"}""", """{"hostname": "a b"}""", """{"email": "nobody"}""", """{"byte": "***"}""", """{"duration": "soon"}""");

    [Interaction]
    public static Task Formats_Kept(Scene scene) => JudgeAsync(scene, "formats",
        """{"dateTime": "2026-01-02T03:04:05Z"}""", """{"dateTime": "2026-01-02T03:04:05.678+01:00"}""", """{"date": "2026-01-02"}""",
        """{"ipv4": "10.0.0.1", "ipv6": "fe80::1"}""", """{"cidr": "10.0.0.1/8"}""", """{"cidr": "fe80::/64"}""", """{"mac": "01:23:45:67:89:ab"}""",
        """{"uuid": "01234567-89ab-cdef-0123-456789abcdef"}""", """{"uri": "https://example.org/a?b=c"}""", """{"hostname": "a.example.org"}""",
        """{"email": "somebody@example.org"}""", """{"byte": "b25l"}""", """{"duration": "1h30m"}""", """{"unheardOf": "anything"}""");

    [Interaction]
    public static Task Lists_CountsSetsAndMaps(Scene scene) => JudgeAsync(scene, "lists",
        """{"pair": []}""", """{"pair": [1, 2, 3]}""", """{"pair": [1, "2"]}""", """{"pair": {}}""", """{"names": ["a", "b", "a"]}""", """{"atomic": ["a", "a"]}""",
        """{"ports": [{"port": 80}, {"port": 80, "protocol": "TCP"}]}""", """{"ports": [{"port": 80}, {"port": 80, "protocol": "UDP"}]}""",
        """{"ports": [{"protocol": "UDP"}]}""", """{"ports": [{"port": 80, "name": ""}, {"port": "http"}]}""", """{"ports": [null]}""",
        """{"pair": [1, 2], "names": ["a", "b"]}""");

    [Interaction]
    public static Task Maps_CountsAndValues(Scene scene) => JudgeAsync(scene, "maps",
        """{"limits": {}}""", """{"limits": {"a": 1, "b": "2", "c": 3}}""", """{"limits": {"a": true}}""", """{"limits": []}""",
        """{"disks": {"a": {"kind": "ssd"}, "b": {}}}""", """{"disks": {"a": {"kind": "ssd", "size": "big"}}}""", """{"disks": {"a.b/c": {"kind": 7}}}""",
        """{"disks": {"a": null}}""", """{"limits": {"a": 1, "b": "2"}}""");

    [Interaction]
    public static Task Junctors_EachWay(Scene scene) => JudgeAsync(scene, "junctors",
        """{"either": {}}""", """{"either": {"a": "x", "b": "y"}}""", """{"either": {"a": "x"}}""", """{"any": {"a": 1}}""", """{"any": {"a": 5}}""", """{"any": {"b": 1}}""",
        """{"all": "y"}""", """{"all": "x"}""", """{"all": "xy"}""", """{"none": "badly"}""", """{"none": "well"}""");

    [Interaction]
    public static async Task Types_WrongOnes(Scene scene)
    {
        await scene.WithSpecimensAsync();
        foreach (var spec in new[]
        {
            """{"replicas": 1.5}""", """{"replicas": "1"}""", """{"replicas": true}""", """{"replicas": []}""", """{"replicas": {}}""", """{"flag": "true"}""",
            """{"text": 1}""", """{"amount": 1.5}""", """{"amount": true}""", """{"amount": "1Gi"}""", """{"amount": 5}""", """{"defaults": []}""", """{"lists": "none"}""",
            "[]", "7", "null", "\"text\"",
        })
            await TryAsync(scene, spec);
    }

    [Interaction]
    public static async Task Status_IsJudgedAtItsOwnDoor(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one");
        foreach (var status in new[]
        {
            """{"phase": "Sleeping"}""", """{"replicas": "1"}""", """{"conditions": [{"type": "Ready", "status": "True"}, {"type": "Ready", "status": "False"}]}""",
            """{"conditions": [{"type": "Ready"}]}""", """{"phase": "Running", "bogus": 1}""", """{"phase": null}""", "[]",
        })
            await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one/status", $$"""{"status": {{status}} }""", Documents.MergePatch, "status", "metadata.generation");
        scene.Note("the main door does not judge what it does not take");
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one", """{"spec": {"text": "a"}, "status": {"phase": "Sleeping"}}""", Documents.MergePatch, "status", "spec.text");
    }

    [Interaction]
    public static async Task Required_AndNulls(Scene scene)
    {
        await scene.WithSpecimensAsync();
        foreach (var spec in new[]
        {
            """{"maps": {"disks": {"a": {"size": 1}}}}""", """{"maps": {"disks": {"a": {"kind": null}}}}""", """{"text": null}""", """{"numbers": {"least": null}}""",
            """{"lists": {"names": [null]}}""", """{"lists": {"names": null}}""", """{"maybe": null, "never": null}""", """{"amount": null}""",
        })
            await TryAsync(scene, spec);
    }

    private static async Task JudgeAsync(Scene scene, string field, params string[] values)
    {
        await scene.WithSpecimensAsync();
        foreach (var value in values) await TryAsync(scene, $$"""{"{{field}}": {{value}}}""");
    }

    /// <summary>A dry run: what is judged is the same, and the next document meets no stored one.</summary>
    private static async Task TryAsync(Scene scene, string spec)
    {
        scene.Note(spec);
        await scene.HttpAsync(HttpMethod.Post, "{specimens}?dryRun=All", Specimens.Json("one", spec));
    }
}
