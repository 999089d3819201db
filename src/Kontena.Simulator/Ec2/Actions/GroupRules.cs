using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>What EC2 allows in the names and descriptions of groups and rules in a VPC (CreateSecurityGroup and IpRange in the API reference).</summary>
internal static class GroupRules
{
    private const string Marks = " ._-:/()#,@[]+=&;{}!$*";
    private const int Longest = 255;

    /// <summary>The name as it is kept: without spaces at its end.</summary>
    public static string Name(string asked)
    {
        var name = asked.TrimEnd(' ');
        if (name == Firewalls.SecurityGroup.DefaultName) throw Refusal.InvalidValue("Cannot use reserved security group name: default");
        if (name.StartsWith("sg-", StringComparison.OrdinalIgnoreCase))
            throw Refusal.InvalidValue(asked, "groupName", "Group names may not be in the format sg-*.");
        if (name.Length == 0) throw Refusal.Missing("GroupName");
        Check(name, "groupName");
        return name;
    }

    public static string GroupDescription(string asked)
    {
        Check(asked, "GroupDescription");
        return asked;
    }

    /// <summary>A rule's; null where there is none, as EC2 leaves an empty one out.</summary>
    public static string? Description(string? asked)
    {
        if (string.IsNullOrEmpty(asked)) return null;
        if (asked.Length > Longest || !asked.All(Allowed))
            throw Refusal.InvalidValue("Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: "
                + "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*");
        return asked;
    }

    private static void Check(string text, string parameter)
    {
        if (text.Length > Longest) throw Refusal.InvalidValue(text, parameter, $"Longer than {Longest} characters.");
        if (!text.All(Allowed)) throw Refusal.InvalidValue(text, parameter, $"Character sets beyond a-z, A-Z, 0-9 and '{Marks}' are not supported.");
    }

    private static bool Allowed(char c) => char.IsAsciiLetterOrDigit(c) || Marks.Contains(c);
}
