using System.Globalization;

namespace Kontena.Fuzz.Engine;

/// <summary><c>KONTENA_FUZZ_MINUTES</c>: for all targets together (<c>make fuzz</c>); <c>KONTENA_FUZZ_SEED</c>: to see a failure again.</summary>
internal static class FuzzSettings
{
    private const int MostInPassing = 1500;

    // What a run of all tests can spare; in number too, so that a quicker machine tries nothing new there.
    private static readonly TimeSpan InPassing = TimeSpan.FromSeconds(3);

    public static int MostCases => Minutes is null ? MostInPassing : int.MaxValue;

    public static TimeSpan PerTarget(int targets) => Minutes is { } minutes ? TimeSpan.FromMinutes(minutes / targets) : InPassing;

    /// <summary>The same in each run of all tests, so that nobody's change fails for a bug that is older; another one in each long run.</summary>
    public static int Seed { get; } = Environment.GetEnvironmentVariable("KONTENA_FUZZ_SEED") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : Minutes is null ? 1 : Random.Shared.Next();

    private static double? Minutes => Environment.GetEnvironmentVariable("KONTENA_FUZZ_MINUTES") is { Length: > 0 } text
        ? double.Parse(text, CultureInfo.InvariantCulture)
        : null;
}
