using System.Globalization;
using System.Net;
using System.Text;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>
/// EC2's security groups and just enough of its instances, by form fields in and documents out, written from EC2's API reference and
/// sharing nothing with the driver: what is refused, what is all or nothing, what a name and a rule are unique by.
/// </summary>
internal sealed class GroupsInMemory
{
    public const string Account = "123456789012";
    public const string Vpc = "vpc-0a1b2c3d";

    private readonly Dictionary<string, Group> groups = [];
    private readonly Dictionary<string, Instance> instances = [];
    private int ids;

    /// <summary>Rules that a group may have.</summary>
    public int MostRules { get; set; } = 60;

    /// <summary>In a default VPC a revocation skips what is not there; elsewhere it is refused for it.</summary>
    public bool IsDefaultVpc { get; set; }

    /// <summary>How many of the next answers about groups come from before they were made, and show none.</summary>
    public int BlindReads { get; set; }

    /// <summary>The rules that the next answers about groups show, whatever there is by now.</summary>
    public Queue<IReadOnlyDictionary<string, string?>> OldRules { get; } = new();

    public IEnumerable<Group> All => groups.Values;

    public Group this[string id] => groups[id];

    public Instance InstanceOf(string id) => instances[id];

    public Group Add(string name, string vpc, IReadOnlyDictionary<string, string> tags)
    {
        var id = $"sg-{++ids:x17}";
        return groups[id] = new Group(id, name, vpc, tags);
    }

    public Instance AddInstance(IReadOnlyDictionary<string, string> tags, IEnumerable<string> groupIds)
    {
        var id = $"i-{++ids:x17}";
        return instances[id] = new Instance(id, tags) { Groups = [.. groupIds] };
    }

    /// <returns>The whole document.</returns>
    /// <exception cref="Refused">EC2 says no.</exception>
    public string Answer(IReadOnlyDictionary<string, string> form)
    {
        var action = form["Action"];
        var body = action switch
        {
            "DescribeSecurityGroups" => Describe(form),
            "CreateSecurityGroup" => Create(form),
            "DeleteSecurityGroup" => Delete(form),
            "AuthorizeSecurityGroupIngress" => Authorize(form),
            "RevokeSecurityGroupIngress" => Revoke(form),
            "ModifyInstanceAttribute" => Modify(form),
            "DescribeInstances" => DescribeInstance(form),
            "DescribeSubnets" => $"<subnetSet><item><subnetId>subnet-1</subnetId><availabilityZone>eu-west-1a</availabilityZone><vpcId>{Vpc}</vpcId><defaultForAz>true</defaultForAz></item></subnetSet>",
            _ => throw new Refused("InvalidAction", $"The action {action} is not valid for this web service."),
        };
        return $"<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>{body}</{action}Response>";
    }

    private string Describe(IReadOnlyDictionary<string, string> form)
    {
        if (BlindReads > 0)
        {
            BlindReads--;
            return "<securityGroupInfo/>";
        }
        var old = OldRules.TryDequeue(out var rules) ? rules : null;
        var shown = groups.Values.Where(g => Filters(form).All(f => f.Values.Contains(g.Field(f.Name))));
        return $"<securityGroupInfo>{string.Concat(shown.Select(g => g.Document(old ?? g.Rules)))}</securityGroupInfo>";
    }

    private string Create(IReadOnlyDictionary<string, string> form)
    {
        var (name, vpc) = (form["GroupName"], form["VpcId"]);
        if (vpc != Vpc) throw new Refused("InvalidVpcID.NotFound", $"The vpc ID '{vpc}' does not exist");
        if (form["GroupDescription"].Any(c => !char.IsAsciiLetterOrDigit(c) && !" ._-:/()#,@[]+=&;{}!$*".Contains(c))) throw new Refused("InvalidParameterValue", "Invalid security group description.");
        if (groups.Values.Any(g => g.Vpc == vpc && g.Name == name)) throw new Refused("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc}'");
        return $"<return>true</return><groupId>{Add(name, vpc, Tags(form)).Id}</groupId>";
    }

    private string Delete(IReadOnlyDictionary<string, string> form)
    {
        var group = Find(form);
        if (instances.Values.Any(i => i.IsAlive && i.Groups.Contains(group.Id))) throw new Refused("DependencyViolation", $"resource {group.Id} has a dependent object");
        groups.Remove(group.Id);
        return "<return>true</return>";
    }

    private string Authorize(IReadOnlyDictionary<string, string> form)
    {
        var (group, asked) = (Find(form), Rules(form));
        if (asked.Select(r => r.Key).Distinct().Count() < asked.Count) throw new Refused("InvalidParameterValue", "The same permission must not appear multiple times");
        if (asked.FirstOrDefault(r => group.Rules.ContainsKey(r.Key)) is { Key: not null } there) throw new Refused("InvalidPermission.Duplicate", $"the specified rule \"peer: {there.Key}, ALLOW\" already exists");
        if (group.Rules.Count + asked.Count > MostRules) throw new Refused("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
        foreach (var (key, words) in asked) group.Rules.Add(key, words);
        return "<return>true</return>";
    }

    private string Revoke(IReadOnlyDictionary<string, string> form)
    {
        var (group, asked) = (Find(form), Rules(form));
        if (!IsDefaultVpc && asked.FirstOrDefault(r => !group.Rules.ContainsKey(r.Key)) is { Key: not null }) throw new Refused("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
        foreach (var (key, _) in asked) group.Rules.Remove(key);
        return "<return>true</return>";
    }

    private string Modify(IReadOnlyDictionary<string, string> form)
    {
        var wanted = Numbered(form, "GroupId").Select(n => form[n]).ToList();
        if (wanted.FirstOrDefault(id => !groups.ContainsKey(id)) is { } unknown) throw new Refused("InvalidGroup.NotFound", $"The security group '{unknown}' does not exist");
        instances[form["InstanceId"]].Groups = wanted;
        return "<return>true</return>";
    }

    private string DescribeInstance(IReadOnlyDictionary<string, string> form) => instances.TryGetValue(form["InstanceId.1"], out var instance)
        ? $"<reservationSet><item><instancesSet>{instance.Document}</instancesSet></item></reservationSet>"
        : throw new Refused("InvalidInstanceID.NotFound", $"The instance ID '{form["InstanceId.1"]}' does not exist");

    private Group Find(IReadOnlyDictionary<string, string> form) => groups.TryGetValue(form["GroupId"], out var group)
        ? group
        : throw new Refused("InvalidGroup.NotFound", $"The security group '{form["GroupId"]}' does not exist");

    private static IEnumerable<(string Name, string[] Values)> Filters(IReadOnlyDictionary<string, string> form) =>
        Numbered(form, "Filter").Select(f => (form[$"{f}.Name"], Numbered(form, $"{f}.Value").Select(v => form[v]).ToArray()));

    private static Dictionary<string, string> Tags(IReadOnlyDictionary<string, string> form) =>
        Numbered(form, "TagSpecification.1.Tag").ToDictionary(t => form[$"{t}.Key"], t => form[$"{t}.Value"]);

    /// <summary>What a rule is unique by, as "protocol from to source", and its description.</summary>
    private static List<(string Key, string? Words)> Rules(IReadOnlyDictionary<string, string> form)
    {
        var rules = new List<(string, string?)>();
        foreach (var p in Numbered(form, "IpPermissions"))
        {
            var protocol = form[$"{p}.IpProtocol"];
            var ports = protocol is "tcp" or "udp" or "icmp" or "icmpv6" ? $"{form[$"{p}.FromPort"]} {form[$"{p}.ToPort"]}" : "- -";
            foreach (var (list, field) in ((string, string)[])[("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"), ("Groups", "GroupId"), ("PrefixListIds", "PrefixListId")])
                rules.AddRange(Numbered(form, $"{p}.{list}").Select(s => ($"{protocol} {ports} {form[$"{s}.{field}"]}", form.GetValueOrDefault($"{s}.Description"))));
        }
        return rules;
    }

    private static IEnumerable<string> Numbered(IReadOnlyDictionary<string, string> form, string name) =>
        Enumerable.Range(1, 2000).Select(n => string.Create(CultureInfo.InvariantCulture, $"{name}.{n}"))
            .TakeWhile(n => form.Keys.Any(k => k == n || k.StartsWith(n + ".", StringComparison.Ordinal)));

    private static string TagSet(IReadOnlyDictionary<string, string> tags) =>
        $"<tagSet>{string.Concat(tags.Select(t => $"<item><key>{t.Key}</key><value>{WebUtility.HtmlEncode(t.Value)}</value></item>"))}</tagSet>";

    /// <summary>EC2's refusal, HTTP 400.</summary>
    internal sealed class Refused(string code, string message) : Exception(message)
    {
        public string Code => code;
    }

    internal sealed record Group(string Id, string Name, string Vpc, IReadOnlyDictionary<string, string> Tags)
    {
        /// <summary>"protocol from to source" → description.</summary>
        public Dictionary<string, string?> Rules { get; } = [];

        public string? Field(string filter) => filter switch
        {
            "group-id" => Id,
            "group-name" => Name,
            "vpc-id" => Vpc,
            _ when filter.StartsWith("tag:", StringComparison.Ordinal) => Tags.GetValueOrDefault(filter[4..]),
            _ => throw new Refused("InvalidParameterValue", $"The filter '{filter}' is invalid"),
        };

        /// <summary>Entries of one protocol and range are one item, as EC2 writes them.</summary>
        public string Document(IReadOnlyDictionary<string, string?> rules)
        {
            var xml = new StringBuilder($"<item><ownerId>{Account}</ownerId><groupId>{Id}</groupId><groupName>{Name}</groupName><groupDescription>d</groupDescription><vpcId>{Vpc}</vpcId><ipPermissions>");
            foreach (var alike in rules.Select(r => (Parts: r.Key.Split(' '), Words: r.Value)).GroupBy(r => (r.Parts[0], r.Parts[1], r.Parts[2])))
            {
                xml.Append(CultureInfo.InvariantCulture, $"<item><ipProtocol>{alike.Key.Item1}</ipProtocol>");
                if (alike.Key.Item2 != "-") xml.Append(CultureInfo.InvariantCulture, $"<fromPort>{alike.Key.Item2}</fromPort><toPort>{alike.Key.Item3}</toPort>");
                foreach (var (list, field, holds) in ((string, string, Func<string, bool>)[])
                    [
                        ("groups", "groupId", s => s.StartsWith("sg-", StringComparison.Ordinal)), ("prefixListIds", "prefixListId", s => s.StartsWith("pl-", StringComparison.Ordinal)),
                        ("ipv6Ranges", "cidrIpv6", s => s.Contains(':')), ("ipRanges", "cidrIp", s => s.Contains('.') && !s.Contains(':')),
                    ])
                    xml.Append(CultureInfo.InvariantCulture, $"<{list}>{string.Concat(alike.Where(r => holds(r.Parts[3])).Select(r => Source(field, r.Parts[3], r.Words)))}</{list}>");
                xml.Append("</item>");
            }
            return xml.Append(CultureInfo.InvariantCulture, $"</ipPermissions><ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissionsEgress>{TagSet(Tags)}</item>").ToString();
        }

        private static string Source(string field, string value, string? words) =>
            $"<item>{(field == "groupId" ? $"<userId>{Account}</userId>" : "")}<{field}>{value}</{field}>{(words is null ? "" : $"<description>{WebUtility.HtmlEncode(words)}</description>")}</item>";
    }

    internal sealed record Instance(string Id, IReadOnlyDictionary<string, string> Tags)
    {
        public bool IsAlive { get; set; } = true;

        public IReadOnlyList<string> Groups { get; set; } = [];

        public string Document => $"<item><instanceId>{Id}</instanceId><instanceState><code>{(IsAlive ? 16 : 48)}</code></instanceState>"
            + $"<groupSet>{string.Concat(Groups.Select(g => $"<item><groupId>{g}</groupId></item>"))}</groupSet>{TagSet(Tags)}</item>";
    }
}
