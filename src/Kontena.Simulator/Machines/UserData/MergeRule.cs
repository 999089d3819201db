using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>How one cloud-config is merged into those before it (cloudinit/mergers): a method and options for each kind of value.</summary>
internal sealed partial class MergeRule
{
    private readonly Dictionary<string, HashSet<string>> options = new(StringComparer.Ordinal);

    private MergeRule()
    {
    }

    /// <summary>cloud-init's own: what comes later replaces (cloudinit/handlers/cloud_config.py, DEF_MERGERS).</summary>
    public static MergeRule Default { get; } = Parse("dict(replace)+list()+str()");

    /// <summary>The document's <c>merge_how</c> or <c>merge_type</c>, else the part's header, else the default.</summary>
    public static MergeRule Of(YamlMappingNode document, string? header)
    {
        foreach (var key in (string[])["merge_how", "merge_type"])
        {
            if (!document.Children.TryGetValue(new YamlScalarNode(key), out var value)) continue;
            if (value is YamlScalarNode { Value: { Length: > 0 } text }) return Parse(text);
            if (value is YamlSequenceNode list) return FromList(list);
        }
        return string.IsNullOrWhiteSpace(header) ? Default : Parse(header);
    }

    /// <summary><c>list(append)+dict(no_replace,recurse_list)+str()</c></summary>
    public static MergeRule Parse(string text)
    {
        var rule = new MergeRule();
        foreach (Match match in Merger().Matches(text))
            rule.options[match.Groups["name"].Value] = [.. match.Groups["options"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return rule;
    }

    /// <summary>The merged value. A kind that the rule does not name keeps what was there.</summary>
    public YamlNode Merge(YamlNode before, YamlNode with) => before switch
    {
        YamlMappingNode map => options.TryGetValue("dict", out var how) ? MergeMaps(map, with, how) : map,
        YamlSequenceNode list => options.TryGetValue("list", out var how) ? MergeLists(list, with, how) : list,
        YamlScalarNode text => options.TryGetValue("str", out var how) ? MergeTexts(text, with, how) : text,
        _ => before,
    };

    private YamlMappingNode MergeMaps(YamlMappingNode before, YamlNode with, HashSet<string> how)
    {
        if (with is not YamlMappingNode later) return before;
        var replace = !how.Contains("no_replace");
        var merged = new YamlMappingNode(before.Children);
        foreach (var (key, value) in later.Children)
        {
            if (!merged.Children.TryGetValue(key, out var old)) merged.Children.Add(key, value);
            else if (how.Contains("allow_delete") && IsNull(value)) merged.Children.Remove(key);
            else merged.Children[key] = replace ? value : Same(old, value, how, maps: true) ?? old;
        }
        return merged;
    }

    private YamlNode MergeLists(YamlSequenceNode before, YamlNode with, HashSet<string> how)
    {
        if (with is not YamlSequenceNode later) return how.Overlaps(["append", "prepend", "no_replace"]) ? before : with;
        if (how.Contains("append")) return new YamlSequenceNode([.. before.Children, .. later.Children]);
        if (how.Contains("prepend")) return new YamlSequenceNode([.. later.Children, .. before.Children]);
        var merged = before.Children.ToList();
        if (!how.Contains("no_replace"))
            for (var i = 0; i < Math.Min(merged.Count, later.Children.Count); i++)
                merged[i] = Same(merged[i], later.Children[i], how, maps: how.Contains("recurse_dict")) ?? later.Children[i];
        return new YamlSequenceNode(merged);
    }

    private static YamlScalarNode MergeTexts(YamlScalarNode before, YamlNode with, HashSet<string> how) =>
        how.Contains("append") && with is YamlScalarNode later ? new YamlScalarNode(before.Value + later.Value) : before;

    /// <summary>The two merged where the options say to go down into values of that kind; null where not.</summary>
    private YamlNode? Same(YamlNode old, YamlNode value, HashSet<string> how, bool maps) => value switch
    {
        YamlSequenceNode when how.Overlaps(["recurse_list", "recurse_array"]) => Merge(old, value),
        YamlScalarNode when how.Contains("recurse_str") => Merge(old, value),
        YamlMappingNode when maps => Merge(old, value),
        _ => null,
    };

    private static bool IsNull(YamlNode node) => node is YamlScalarNode { Value: null or "" or "null" or "~" };

    private static MergeRule FromList(YamlSequenceNode list)
    {
        var rule = new MergeRule();
        foreach (var each in list.Children.OfType<YamlMappingNode>())
        {
            if (!each.Children.TryGetValue(new YamlScalarNode("name"), out var name) || name is not YamlScalarNode { Value: { } kind }) continue;
            var settings = each.Children.TryGetValue(new YamlScalarNode("settings"), out var value) && value is YamlSequenceNode texts
                ? texts.Children.OfType<YamlScalarNode>().Select(t => t.Value ?? "") : [];
            rule.options[kind] = [.. settings];
        }
        return rule;
    }

    [GeneratedRegex(@"(?<name>[a-z]+)\s*(\((?<options>[^)]*)\))?")]
    private static partial Regex Merger();
}
