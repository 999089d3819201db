using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Kontena.Operator.Commands.Live;
using Kontena.TestKit;
using Spectre.Console;

namespace Kontena.Operator.Tests.Live;

[CancelAfter(30_000)]
public sealed partial class LiveViewTests : IDisposable
{
    private readonly ManualTime time = new(LiveModels.Now);
    private readonly Channel<LiveModel> models = Channel.CreateUnbounded<LiveModel>();
    private readonly StringWriter output = new(CultureInfo.InvariantCulture);
    private readonly TextWriter screen;

    public LiveViewTests() => screen = TextWriter.Synchronized(output);

    public void Dispose() => screen.Dispose();

    [Test]
    public async Task RunAsync_Plain_PrintsEachChangeOnceUnwrapped([Values(80, 120)] int width, CancellationToken ct)
    {
        var wide = LiveModels.Web with { Message = new string('x', 300) };
        models.Writer.TryWrite(new LiveModel { Pools = [wide] });
        models.Writer.TryWrite(new LiveModel { Pools = [wide] });
        models.Writer.TryWrite(new LiveModel { Pools = [LiveModels.Cache] });
        models.Writer.Complete();
        await View(plain: true, width).RunAsync(models.Reader.ReadAllAsync(ct), ct);
        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo(
            $"12:00:03 web 2/3 ready  Booting: {new string('x', 300)}\n12:00:03 cache 1/1 ready  AllReady: All 1 nodes are ready.\n12:00:03 web is gone\n"));
    }

    [Test]
    public async Task RunAsync_Terminal_LeavesTheLastPictureAndTheCursor(CancellationToken ct)
    {
        var running = View(plain: false).RunAsync(models.Reader.ReadAllAsync(ct), ct);
        models.Writer.TryWrite(new LiveModel { Pools = [LiveModels.Web] });
        models.Writer.TryWrite(new LiveModel { Pools = [LiveModels.Cache] });
        models.Writer.Complete();
        await running;
        Assert.That(Text(), Does.Contain("1/1").And.EndWith("\u001b[?25h"));
    }

    [Test]
    public async Task RunAsync_SecondsPass_RedrawsAges(CancellationToken ct)
    {
        var running = View(plain: false).RunAsync(models.Reader.ReadAllAsync(ct), ct);
        models.Writer.TryWrite(LiveModels.Busy);
        await Eventually.HoldsAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return Task.FromResult(Text().Contains("12s", StringComparison.Ordinal)); }, "web-2 is 12 s old", TimeSpan.FromSeconds(20), ct);
        models.Writer.Complete();
        await running;
    }

    [Test]
    public async Task RunAsync_TerminalShrinks_StartsAfreshAndFits(CancellationToken ct)
    {
        var console = Terminal(80, 24);
        var running = new LiveView(console, plain: false, time).RunAsync(models.Reader.ReadAllAsync(ct), ct);
        models.Writer.TryWrite(LiveModels.Busy);
        await Eventually.HoldsAsync(() => { time.Advance(TimeSpan.FromMilliseconds(200)); return Task.FromResult(Text().Contains("web-2", StringComparison.Ordinal)); }, "the first picture", TimeSpan.FromSeconds(20), ct);
        (console.Profile.Width, console.Profile.Height) = (60, 16);
        await Eventually.HoldsAsync(() => { time.Advance(TimeSpan.FromMilliseconds(200)); return Task.FromResult(AfterClear().Contains("STATUS", StringComparison.Ordinal)); }, "a picture on a cleared screen", TimeSpan.FromSeconds(20), ct);
        models.Writer.Complete();
        await running;
        var first = CursorUp().Split(AfterClear())[0].Replace("\r", "", StringComparison.Ordinal);
        var lines = EscapeSequence().Replace(first, "").Split('\n');
        Assert.That(lines.Max(line => line.Length), Is.LessThanOrEqualTo(60));
        Assert.That(lines, Has.Length.InRange(10, 16));
    }

    [Test]
    public async Task RunAsync_Cancelled_ReturnsAndShowsTheCursor([Values] bool plain, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = View(plain).RunAsync(models.Reader.ReadAllAsync(CancellationToken.None), stop.Token);
        await stop.CancelAsync();
        await running;
        Assert.That(Text(), plain ? Is.Empty : Does.EndWith("\u001b[?25h"));
    }

    [Test]
    public void RunAsync_SourceFails_Throws([Values] bool plain, CancellationToken ct)
    {
        models.Writer.Complete(new IOException("the API is gone"));
        Assert.That(async () => await View(plain).RunAsync(models.Reader.ReadAllAsync(ct), ct), Throws.InstanceOf<IOException>());
    }

    [TestCase(false, false, "", "xterm", false)]
    [TestCase(true, false, "", "xterm", true)]
    [TestCase(false, true, "", "xterm", true)]
    [TestCase(false, false, "1", "xterm", true)]
    [TestCase(false, false, "", "dumb", true)]
    public void IsPlain_Circumstances_Decide(bool asked, bool redirected, string noColor, string term, bool expected) =>
        Assert.That(LiveView.IsPlain(asked, redirected, name => name == "NO_COLOR" ? noColor : name == "TERM" ? term : null), Is.EqualTo(expected));

    private LiveView View(bool plain, int width = 80) => new(Terminal(width, 24), plain, time);

    private IAnsiConsole Terminal(int width, int height)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        return console;
    }

    private string AfterClear()
    {
        var text = Text();
        var clear = text.LastIndexOf("\u001b[2J", StringComparison.Ordinal);
        return clear < 0 ? "" : text[clear..];
    }

    [GeneratedRegex("\u001b\\[[0-9]+A")]
    private static partial Regex CursorUp();

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex EscapeSequence();

    // A synchronised writer locks itself; a reader beside it takes the same lock.
    private string Text()
    {
        lock (screen) return output.ToString();
    }
}
