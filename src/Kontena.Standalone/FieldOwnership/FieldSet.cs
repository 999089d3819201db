namespace Kontena.Standalone.FieldOwnership;

/// <summary>
/// A set of fields of an object, as a tree: a node says whether the field itself belongs to the set, and which fields below it do. Steps are
/// written as FieldsV1 writes them: <c>f:name</c>, <c>k:{"key":"value"}</c> for an item of a map list, <c>v:value</c> for one of a set.
/// Trees share branches: a set is never changed once it has been made. What comes from a stored object is read branch by branch, when it is asked for:
/// most writes touch few of the fields that an object has.
/// </summary>
internal sealed class FieldSet
{
    private static readonly SortedList<string, FieldSet> NoSteps = [];

    private readonly JsonObject? stored;
    private SortedList<string, FieldSet>? below;

    private FieldSet(bool self, SortedList<string, FieldSet> below) => (Self, this.below) = (self, below);

    private FieldSet(JsonObject stored, bool self) => (this.stored, Self) = (stored, self);

    public static FieldSet Empty { get; } = new(false, NoSteps);

    /// <summary>The field that a node stands for, and nothing below it.</summary>
    public static FieldSet Leaf { get; } = new(true, NoSteps);

    /// <summary>Whether the field of this node is in the set. Never for a whole object.</summary>
    public bool Self { get; }

    public bool IsEmpty => !Self && !HasBelow;

    public bool HasBelow => Below.Count > 0;

    public SortedList<string, FieldSet> Below => below ??= Read(stored!);

    public FieldSet? this[string step] => Below.GetValueOrDefault(step);

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

    public FieldSet Union(FieldSet other) => Change(other, Self || other.Self, (mine, theirs) => mine?.Union(theirs) ?? theirs);

    public FieldSet Intersect(FieldSet other) =>
        Of(Self && other.Self, other.Below.Where(b => this[b.Key] is not null).Select(b => KeyValuePair.Create(b.Key, this[b.Key]!.Intersect(b.Value))));

    /// <summary>Without the fields of the other set. What is below such a field stays.</summary>
    public FieldSet Except(FieldSet other) => Change(other, Self && !other.Self, (mine, theirs) => mine?.Except(theirs) ?? Empty);

    /// <summary>Without the fields of the other set and all that is below them.</summary>
    public FieldSet ExceptBelow(FieldSet other) => Change(other, Self, (mine, theirs) => theirs.Self ? Empty : mine?.ExceptBelow(theirs) ?? Empty);

    /// <summary>Without fields that were written. Below one that is a leaf nothing can be owned, be it that the schema once knew more of it.</summary>
    public FieldSet Without(FieldSet written) =>
        Change(written, Self && !written.Self, (mine, theirs) => theirs is { Self: true, HasBelow: false } ? Empty : mine?.Without(theirs) ?? Empty);

    public bool Equals(FieldSet other) => ReferenceEquals(this, other) || (stored is not null && ReferenceEquals(stored, other.stored))
        || (Self == other.Self && Below.Count == other.Below.Count && Below.All(b => other[b.Key] is { } same && b.Value.Equals(same)));

    /// <summary>The fields as Kubernetes prints them in conflicts: <c>.spec.ports[name="http"].port</c>. Fields of one level come before those below it.</summary>
    public IEnumerable<string> Paths(string prefix = "") =>
    [
        .. Below.Where(b => b.Value.Self).Select(b => prefix + FieldStep.Show(b.Key)),
        .. Below.SelectMany(b => b.Value.Paths(prefix + FieldStep.Show(b.Key))),
    ];

    /// <summary>The FieldsV1 form: a field of the set that has others below it holds a <c>.</c>.</summary>
    public JsonObject ToFieldsV1()
    {
        if (stored is not null) return (JsonObject)stored.DeepClone();
        var json = new JsonObject();
        if (Self && HasBelow) json["."] = new JsonObject();
        foreach (var (step, branch) in Below) json[step] = branch.ToFieldsV1();
        return json;
    }

    /// <summary>A set that this server wrote.</summary>
    public static FieldSet Stored(JsonObject fields) => new(fields, false);

    /// <summary>A set that a client sent.</summary>
    /// <exception cref="FormatException">Not FieldsV1.</exception>
    public static FieldSet FromFieldsV1(JsonObject fields) => Of(false, Branches(fields));

    private static IEnumerable<KeyValuePair<string, FieldSet>> Branches(JsonObject fields) =>
        from field in fields
        where field.Key != "."
        let inner = field.Value as JsonObject ?? throw new FormatException($"{field.Key} is not an object")
        select KeyValuePair.Create(FieldStep.Canonical(field.Key), Of(inner.Count == 0 || inner.ContainsKey("."), Branches(inner)));

    private static SortedList<string, FieldSet> Read(JsonObject stored)
    {
        if (stored.Count == 0) return NoSteps;
        var read = new SortedList<string, FieldSet>(stored.Count, StringComparer.Ordinal);
        foreach (var (step, inner) in stored)
        {
            if (step != "." && inner is JsonObject branch) read[step] = branch.Count == 0 ? Leaf : new FieldSet(branch, branch.ContainsKey("."));
        }
        return read;
    }

    /// <summary>This set with other branches where the other one has some; itself where that changes nothing.</summary>
    private FieldSet Change(FieldSet other, bool self, Func<FieldSet?, FieldSet, FieldSet> branch)
    {
        SortedList<string, FieldSet>? changed = null;
        foreach (var (step, theirs) in other.Below)
        {
            var mine = this[step];
            var next = branch(mine, theirs);
            if (ReferenceEquals(next, mine) || (mine is null && next.IsEmpty)) continue;
            changed ??= new SortedList<string, FieldSet>(Below, StringComparer.Ordinal);
            if (next.IsEmpty) changed.Remove(step);
            else changed[step] = next;
        }
        if (changed is null && self == Self) return this;
        return new FieldSet(self, changed ?? Below);
    }
}
