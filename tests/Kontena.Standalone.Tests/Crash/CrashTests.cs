using System.Diagnostics;
using System.Globalization;
using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.Crash;

public sealed class CrashTests
{
    private const int Lanes = 2;
    private const int DefaultKills = 200;

    /// <summary><c>KONTENA_CRASH_KILLS</c> kills in all lanes together, <c>KONTENA_CRASH_SEED</c> for other moments and writes.</summary>
    [Test]
    public async Task Kill_UnderSixteenWriters_LosesNothingAcknowledged([Range(1, Lanes)] int lane)
    {
        var kills = Number("KONTENA_CRASH_KILLS", DefaultKills) / Lanes;
        var folder = Directory.CreateTempSubdirectory("kontena-crash-").FullName;
        var data = Path.Combine(folder, "data");
        var crd = Path.Combine(folder, "crd.json");
        await File.WriteAllTextAsync(crd, Widgets.Crd().ToJsonString());
        var watch = Stopwatch.StartNew();
        await using var run = new CrashRun(data, crd, Number("KONTENA_CRASH_SEED", 1) + lane);
        try
        {
            while (run.Kills < kills) await run.KillOnceAsync();
            await run.FinishAsync();
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{run.Summary}; the data folder is left at {data}", e);
        }
        finally
        {
            await TestContext.Out.WriteLineAsync($"{run.Summary}, {watch.Elapsed.TotalSeconds:0} s");
        }
        Directory.Delete(folder, recursive: true);
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
