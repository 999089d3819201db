using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>IpPermissions on the wire: there, rules of one protocol and range share an entry with a list for each kind of source.</summary>
internal static class Ec2Permissions
{
    /// <summary>Fields <c>IpPermissions.N…</c>, an entry for each protocol and range in the order in which they are met.</summary>
    public static Ec2Form AddPermissions(this Ec2Form form, IReadOnlyList<Ec2Rule> permissions)
    {
        var entry = 0;
        foreach (var alike in permissions.GroupBy(p => (p.Protocol, p.FromPort, p.ToPort)))
        {
            var prefix = Ec2Form.Numbered("IpPermissions", ++entry);
            form.Add($"{prefix}.IpProtocol", alike.Key.Protocol);
            if (alike.Key.FromPort is { } from) form.Add($"{prefix}.FromPort", from);
            if (alike.Key.ToPort is { } to) form.Add($"{prefix}.ToPort", to);
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var permission in alike)
            {
                var list = ListOf(permission.Source);
                numbers[list] = numbers.GetValueOrDefault(list) + 1;
                WriteSource(form, Ec2Form.Numbered($"{prefix}.{list}", numbers[list]), permission);
            }
        }
        return form;
    }

    /// <summary>The rules of a list of IpPermissions, one source each.</summary>
    /// <exception cref="FormatException">The list is missing or damaged: fewer rules than there are would be opened a second time, or reported closed.</exception>
    public static IReadOnlyList<Ec2Rule> Permissions(this XElement parent, string list) => [.. parent.RequiredItems(list).SelectMany(ReadEntry)];

    private static string ListOf(Ec2Source source) => source switch
    {
        Ec2Source.Ipv4 => "IpRanges",
        Ec2Source.Ipv6 => "Ipv6Ranges",
        Ec2Source.Group => "Groups",
        Ec2Source.PrefixList => "PrefixListIds",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "unknown source"),
    };

    private static void WriteSource(Ec2Form form, string prefix, Ec2Rule permission)
    {
        form.Add($"{prefix}.Description", permission.Description);
        switch (permission.Source)
        {
            case Ec2Source.Ipv4 v4:
                form.Add($"{prefix}.CidrIp", v4.Cidr);
                break;
            case Ec2Source.Ipv6 v6:
                form.Add($"{prefix}.CidrIpv6", v6.Cidr);
                break;
            case Ec2Source.Group group:
                form.Add($"{prefix}.GroupId", group.Id).Add($"{prefix}.UserId", group.Account);
                break;
            case Ec2Source.PrefixList prefixes:
                form.Add($"{prefix}.PrefixListId", prefixes.Id);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(permission), permission.Source, "unknown source");
        }
    }

    private static IEnumerable<Ec2Rule> ReadEntry(XElement entry)
    {
        var (protocol, from, to) = (entry.RequiredText("ipProtocol"), entry.Number("fromPort"), entry.Number("toPort"));
        Ec2Rule Of(XElement item, Ec2Source source) => new(protocol, from, to, source, item.Text("description"));
        return
        [
            .. entry.Items("ipRanges").Select(r => Of(r, new Ec2Source.Ipv4(r.RequiredText("cidrIp")))),
            .. entry.Items("ipv6Ranges").Select(r => Of(r, new Ec2Source.Ipv6(r.RequiredText("cidrIpv6")))),
            .. entry.Items("groups").Select(g => Of(g, new Ec2Source.Group(g.Text("groupId"), g.Text("userId")))),
            .. entry.Items("prefixListIds").Select(p => Of(p, new Ec2Source.PrefixList(p.RequiredText("prefixListId")))),
        ];
    }
}
