using System.Text.Json.Nodes;

namespace Kontena.Standalone.FieldOwnership;

/// <summary>
/// A set of fields of an object, as a tree: a node says whether the field itself belongs to the set, and which fields below it do. Steps are
/// written as FieldsV1 writes them: <c>f:name</c>, <c>k:{"key":"value"}</c> for an item of a map list, <c>v:value</c> for one of a set.
/// Trees share branches: a set is never changed once it has been made.
/// </summary>
internal sealed class FieldSet
{
    private static readonly SortedList<string, FieldSet> NoSteps = [];

    private readonly SortedList<string, FieldSet> below;

    private FieldSet(bool self, SortedList<string, FieldSet> below) => (Self, this.below) = (self, below);

    public static FieldSet Empty { get; } = new(false, NoSteps);

    /// <summary>The field that a node stands for, and nothing below it.</summary>
    public static FieldSet Leaf { get; } = new(true, NoSteps);

    /// <summary>Whether the field of this node is in the set. Never for a whole object.</summary>
    public bool Self { get; }

    public bool IsEmpty => !Self && below.Count == 0;

    public bool HasBelow => below.Count > 0;

    public IEnumerable<KeyValuePair<string, FieldSet>> Below => below;

    public FieldSet? this[string step] => below.GetValueOrDefault(step);

    /// <summary>A node with these branches; empty ones are left out.</summary>
    public static FieldSet Of(bool self, IEnumerable<KeyValuePair<string, FieldSet>> branches)
    {
        SortedList<string, FieldSet>? kept = null;
        foreach (var (step, branch) in branches)
        {
            if (!branch.IsEmpty) (kept ??= new SortedList<string, FieldSet>(StringComparer.Ordinal))[step] = branch;
        }
        return kept is null ? self ? Leaf : Empty : new FieldSet(self, kept);
    }

    public static FieldSet Path(params string[] steps) =>
        steps.Reverse().Aggregate(Leaf, (set, step) => Of(false, [KeyValuePair.Create(step, set)]));

    public FieldSet Union(FieldSet other) => Combine(this, other, (true, true, true));

    public FieldSet Intersect(FieldSet other) => Combine(this, other, (false, false, true));

    /// <summary>Without the fields of the other set. What is below such a field stays.</summary>
    public FieldSet Except(FieldSet other) => Combine(this, other, (true, false, false));

    /// <summary>Without the fields of the other set and all that is below them.</summary>
    public FieldSet ExceptBelow(FieldSet other) => other.HasBelow
        ? Of(Self, below.Where(b => other[b.Key] is not { Self: true }).Select(b => KeyValuePair.Create(b.Key, other[b.Key] is { } o ? b.Value.ExceptBelow(o) : b.Value)))
        : this;

    public bool Equals(FieldSet other) => Self == other.Self && below.Count == other.below.Count
        && below.All(b => other[b.Key] is { } same && b.Value.Equals(same));

    /// <summary>The fields as Kubernetes prints them in conflicts: <c>.spec.ports[name="http"].port</c>. Fields of one level come before those below it.</summary>
    public IEnumerable<string> Paths(string prefix = "") =>
    [
        .. below.Where(b => b.Value.Self).Select(b => prefix + FieldStep.Show(b.Key)),
        .. below.SelectMany(b => b.Value.Paths(prefix + FieldStep.Show(b.Key))),
    ];

    /// <summary>The FieldsV1 form: a field of the set that has others below it holds a <c>.</c>.</summary>
    public JsonObject ToFieldsV1()
    {
        var json = new JsonObject();
        if (Self && HasBelow) json["."] = new JsonObject();
        foreach (var (step, branch) in below) json[step] = branch.ToFieldsV1();
        return json;
    }

    /// <exception cref="FormatException">Not FieldsV1.</exception>
    public static FieldSet FromFieldsV1(JsonObject fields) => Of(false, Branches(fields));

    private static IEnumerable<KeyValuePair<string, FieldSet>> Branches(JsonObject fields) =>
        from field in fields
        where field.Key != "."
        let inner = field.Value as JsonObject ?? throw new FormatException($"{field.Key} is not an object")
        select KeyValuePair.Create(FieldStep.Canonical(field.Key), Of(inner.Count == 0 || inner.ContainsKey("."), Branches(inner)));

    private static FieldSet Combine(FieldSet left, FieldSet right, (bool Left, bool Right, bool Both) keep)
    {
        if (ReferenceEquals(left, right)) return keep.Both ? left : Empty;
        var branches = new List<KeyValuePair<string, FieldSet>>(left.below.Count + (keep.Right ? right.below.Count : 0));
        foreach (var (step, branch) in left.below)
        {
            if (right[step] is { } other) branches.Add(KeyValuePair.Create(step, Combine(branch, other, keep)));
            else if (keep.Left) branches.Add(KeyValuePair.Create(step, branch));
        }
        if (keep.Right) branches.AddRange(right.below.Where(b => !left.below.ContainsKey(b.Key)));
        return Of(left.Self ? right.Self ? keep.Both : keep.Left : right.Self && keep.Right, branches);
    }
}
