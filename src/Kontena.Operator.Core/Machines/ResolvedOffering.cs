namespace Kontena.Operator.Core.Machines;

/// <summary>What an attempt needs to know besides the settings: looked up once, then written down with the attempt.</summary>
/// <param name="Image">Image id.</param>
/// <param name="Details">What else the driver must not look up again, in its own words (e.g. the subnet).</param>
public sealed record ResolvedOffering(string Image, IReadOnlyDictionary<string, string> Details);
