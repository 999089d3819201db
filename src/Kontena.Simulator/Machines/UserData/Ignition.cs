using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>An Ignition config (spec 3.0 to 3.3) with what it merges in. Anything wrong in it fails the whole, as Ignition fails the boot.</summary>
internal sealed record Ignition(IReadOnlyList<IgnitionFile> Files, IReadOnlyList<DeclaredUnit> Units)
{
    private const int DeepestMerge = 10;

    /// <exception cref="UserDataException">Ignition would stop the first boot in its initramfs.</exception>
    public static Ignition Read(byte[] data) => Read(data, 0);

    private static Ignition Read(byte[] data, int depth)
    {
        if (depth > DeepestMerge) throw new UserDataException("configs merge each other without end");
        var document = Parse(data);
        if (document.Ignition?.Version is not ("3.0.0" or "3.1.0" or "3.2.0" or "3.3.0"))
            throw new UserDataException("unsupported config version");
        if (document.Ignition.Config?.Replace?.Source is { Length: > 0 } replacing)
            return Read(DataUrl.Read(replacing, document.Ignition.Config.Replace.Compression), depth + 1);
        var parents = document.Ignition.Config?.Merge.Select(m => Read(DataUrl.Read(m.Source ?? "", m.Compression), depth + 1)) ?? [];
        // The document that merges wins over those that it merges in; among these the later one does.
        return parents.Append(new([.. document.Storage?.Files.Select(Check) ?? []], [.. document.Systemd?.Units.Select(Unit) ?? []])).Aggregate(Over);
    }

    private static IgnitionDocument Parse(byte[] data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, IgnitionJson.Default.IgnitionDocument) ?? throw new UserDataException("the config is null");
        }
        catch (JsonException e)
        {
            throw new UserDataException($"the JSON is broken in line {e.LineNumber + 1}");
        }
    }

    private static Ignition Over(Ignition parent, Ignition child) => new(
        [.. parent.Files.Where(f => child.Files.All(c => c.Path != f.Path)), .. child.Files.Select(c => c.Over(parent.Files.FirstOrDefault(f => f.Path == c.Path)))],
        [.. parent.Units.Where(u => child.Units.All(c => c.Name != u.Name)), .. child.Units.Select(c => Over(parent.Units.FirstOrDefault(u => u.Name == c.Name), c))]);

    private static DeclaredUnit Over(DeclaredUnit? parent, DeclaredUnit child) => parent is null ? child : child with
    {
        Content = child.Content ?? parent.Content,
        Enabled = child.Enabled ?? parent.Enabled,
        Masked = child.Masked || parent.Masked,
        DropIns = [.. parent.DropIns.Where(d => child.DropIns.All(c => c.Name != d.Name)), .. child.DropIns],
    };

    private static IgnitionFile Check(FileDocument file)
    {
        if (file.Path is not { Length: > 1 } path || path[0] != '/') throw new UserDataException("a file's path is not absolute");
        if (file.Mode is < 0 or > 4095) throw new UserDataException($"the mode of {path} is illegal");
        return new(path, file.Contents?.Source is { } source ? DataUrl.Read(source, file.Contents.Compression) : null, file.Mode ?? IgnitionFile.UsualMode,
            [.. file.Append.Select(a => DataUrl.Read(a.Source ?? "", a.Compression))]);
    }

    private static DeclaredUnit Unit(UnitDocument unit)
    {
        if (unit.Name is not { Length: > 0 } name || !name.Contains('.', StringComparison.Ordinal)) throw new UserDataException("a unit's name has no suffix");
        if (unit.Dropins.FirstOrDefault(d => d.Name?.EndsWith(".conf", StringComparison.Ordinal) != true) is not null)
            throw new UserDataException($"a drop-in of {name} does not end in .conf");
        // Ignition leaves out a drop-in without contents.
        return new(name, unit.Contents, unit.Enabled, unit.Mask == true, false,
            [.. unit.Dropins.Where(d => d.Contents is { Length: > 0 }).Select(d => new DeclaredDropIn(d.Name ?? "", d.Contents ?? ""))]);
    }
}

internal sealed record IgnitionFile(string Path, byte[]? Content, int Mode, IReadOnlyList<byte[]> Append)
{
    public const int UsualMode = 0x1a4; // 0644

    public override string ToString() => Path;

    public IgnitionFile Over(IgnitionFile? parent) => parent is null ? this : this with { Content = Content ?? parent.Content, Append = [.. parent.Append, .. Append] };

    public byte[] Bytes => [.. Content ?? [], .. Append.SelectMany(a => a)];
}

internal sealed record IgnitionDocument(HeadDocument? Ignition, StorageDocument? Storage, SystemdDocument? Systemd);

internal sealed record HeadDocument(string? Version, ConfigDocument? Config);

internal sealed record ConfigDocument(ResourceDocument? Replace)
{
    public IReadOnlyList<ResourceDocument> Merge { get; init => field = value ?? []; } = [];
}

internal sealed record ResourceDocument(string? Source, string? Compression)
{
    public override string ToString() => "a resource";
}

internal sealed record StorageDocument
{
    public IReadOnlyList<FileDocument> Files { get; init => field = value ?? []; } = [];
}

internal sealed record FileDocument(string? Path, int? Mode, ResourceDocument? Contents)
{
    public IReadOnlyList<ResourceDocument> Append { get; init => field = value ?? []; } = [];
}

internal sealed record SystemdDocument
{
    public IReadOnlyList<UnitDocument> Units { get; init => field = value ?? []; } = [];
}

internal sealed record UnitDocument(string? Name, bool? Enabled, bool? Mask, string? Contents)
{
    public override string ToString() => Name ?? "a unit";

    public IReadOnlyList<DropInDocument> Dropins { get; init => field = value ?? []; } = [];
}

internal sealed record DropInDocument(string? Name, string? Contents)
{
    public override string ToString() => Name ?? "a drop-in";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IgnitionDocument))]
internal sealed partial class IgnitionJson : JsonSerializerContext;
