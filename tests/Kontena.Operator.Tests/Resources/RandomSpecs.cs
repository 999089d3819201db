using System.Text.Json.Nodes;

namespace Kontena.Operator.Tests.Resources;

/// <summary>Specs that pass the schema and often break a rule: few values, so that they meet.</summary>
internal static class RandomSpecs
{
    public static JsonObject Pool(Random random)
    {
        var spec = new JsonObject { ["provider"] = Provider(random) };
        if (OneIn(2, random)) spec["replicas"] = random.Next(5);
        if (OneIn(3, random)) spec["template"] = Template(random);
        if (OneIn(3, random)) spec["gridRef"] = new JsonObject { ["name"] = Pick(random, "one", "one", "two") };
        if (OneIn(3, random)) spec["network"] = Network(random);
        if (OneIn(6, random)) spec["identity"] = new JsonObject();
        return spec;
    }

    public static JsonObject Node(Random random)
    {
        var spec = new JsonObject
        {
            ["poolName"] = "web",
            ["poolUID"] = Pick(random, "0b8e", "0b8e", "0b8e", "ffff"),
            ["revision"] = Pick(random, "r1", "r1", "r1", "r2"),
            ["ordinal"] = OneIn(6, random) ? 1 : 0,
            ["provider"] = new JsonObject { ["aws"] = new JsonObject { ["region"] = "eu-west-1", ["instanceTypes"] = Strings("t3.small") } },
        };
        // The operator always writes a zone, if only an empty one.
        spec["zone"] = Pick(random, "", "", "", "a");
        spec["gridRef"] = new JsonObject { ["name"] = OneIn(8, random) ? "two" : "one" };
        spec["identity"] = OneIn(8, random) ? "Engine" : "Pinned";
        spec["ipsec"] = OneIn(8, random) ? "Required" : "Preferred";
        if (OneIn(3, random)) spec["kontenaName"] = Pick(random, "web-0-abc", "web-0-abc", "web-0-def");
        if (!OneIn(4, random)) spec["attempt"] = Attempt(random);
        if (OneIn(3, random)) spec["providerID"] = Pick(random, "aws:///eu-west-1a/i-1", "aws:///eu-west-1a/i-1", "aws:///eu-west-1a/i-2");
        return spec;
    }

    public static JsonObject Grid(Random random)
    {
        var spec = new JsonObject { ["master"] = new JsonObject { ["url"] = Pick(random, "https://one.example.com", "https://two.example.com"), ["tokenRef"] = new JsonObject { ["name"] = "prod", ["key"] = "token" } } };
        if (OneIn(2, random)) spec["name"] = Pick(random, "production", "production", "test");
        if (OneIn(3, random)) spec["trustedSubnets"] = Strings("10.0.0.0/8");
        return spec;
    }

    private static JsonObject Attempt(Random random)
    {
        var attempt = new JsonObject
        {
            ["number"] = random.Next(1, 4),
            ["nodeUID"] = "77aa",
            ["token"] = "tok",
            ["type"] = "t3.small",
            ["image"] = Pick(random, "ami-1", "ami-1", "ami-2"),
            ["bootstrapRef"] = "web-0-1",
            ["bootstrapHash"] = "abc",
            ["openedAt"] = "2026-01-02T03:04:05Z",
        };
        attempt["zone"] = "";
        if (OneIn(3, random)) attempt["resolved"] = new JsonObject { ["subnet"] = Pick(random, "s1", "s2") };
        return attempt;
    }

    private static JsonObject Provider(Random random)
    {
        if (OneIn(12, random)) return [];
        var aws = new JsonObject
        {
            ["region"] = Pick(random, "eu-west-1", "eu-west-1", "eu-west-1", "us-east-1"),
            ["instanceTypes"] = Strings("t3.small"),
        };
        if (OneIn(3, random)) aws["zones"] = Some(random, "a", "b", "eu-west-1a", "eu-west-1", "us-east-1b");
        if (OneIn(4, random)) aws["subnets"] = Some(random, "subnet-0a", "subnet-0b");
        if (OneIn(4, random)) aws["image"] = Fields(random, ("id", "ami-0123456789abcdef0"), ("name", "ubuntu*"), ("owner", "self"));
        if (OneIn(4, random)) aws["endpoint"] = Pick(random, "http://127.0.0.1:1", "http://127.0.0.1:2");
        if (OneIn(4, random)) aws["tags"] = Fields(random, ("kontena-x", "1"), ("aws:y", "2"), ("team", "web"), (new string('k', 129), "long"), ("", "empty"));
        return new JsonObject { ["aws"] = aws };
    }

    private static JsonObject Template(Random random)
    {
        var template = new JsonObject { ["userData"] = UserData(random) };
        if (OneIn(4, random)) template["nodeLabels"] = Fields(random, ("role", "web"), ("az", "a"), ("kontena-x", "1"), ("a b", "1"), ("a=b", "1"), ("", "1"), ("ok", "a,b"));
        if (OneIn(4, random)) template["agent"] = new JsonObject { ["environment"] = Fields(random, ("LOG_LEVEL", "0"), ("lower", "1"), ("KONTENA_TOKEN", "1"), ("LINES", "a\nb"), ("TAB", "a\tb"), ("DEL", "\u007f")) };
        return template;
    }

    private static JsonObject Network(Random random)
    {
        var network = new JsonObject();
        if (!OneIn(3, random)) network["ports"] = new JsonArray([.. new[] { "a", "b", "c" }.Where(_ => OneIn(2, random)).Select(name => (JsonNode)Port(random, name))]);
        if (OneIn(2, random)) network["ssh"] = new JsonObject { ["sources"] = Sources(random) };
        if (OneIn(3, random)) network["vpn"] = new JsonObject { ["sources"] = Sources(random) };
        return network;
    }

    private static JsonObject Port(Random random, string name)
    {
        var port = new JsonObject { ["name"] = name, ["port"] = Pick(random, "80", "80", "22", "1194", "20-30", "1000-2000", "30-20", "0", "65536", "6784", "6000-7000"), ["sources"] = Sources(random) };
        if (OneIn(2, random)) port["protocol"] = Pick(random, "TCP", "UDP");
        return port;
    }

    // Bits beyond a prefix are the operator's to refuse, not the server's.
    private static JsonArray Sources(Random random) =>
        Some(random, "10.0.0.0/8", "::/0", OneIn(6, random) ? "1::2::3/64" : "2001:db8::/32") is { Count: > 0 } some ? some : Strings("0.0.0.0/0");

    private static JsonObject UserData(Random random) =>
        OneIn(2, random)
            ? Fields(random, ("inline", Pick(random, "#!/bin/sh", "#!" + new string('é', 8192))))
            : new JsonObject { ["inline"] = "#!/bin/sh", ["secretRef"] = new JsonObject { ["name"] = "boot" } };

    private static JsonObject Fields(Random random, params (string Name, string Value)[] fields) =>
        new(fields.Where(_ => OneIn(2, random)).Select(f => KeyValuePair.Create<string, JsonNode?>(f.Name, f.Value)));

    private static JsonArray Some(Random random, params string[] values) => Strings([.. values.Where(_ => OneIn(2, random))]);

    private static JsonArray Strings(params string[] values) => [.. values.Select(v => JsonValue.Create(v))];

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];

    private static bool OneIn(int count, Random random) => random.Next(count) == 0;
}
