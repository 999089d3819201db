using System.Globalization;
using Kontena.Operator.Commands.Live;
using Spectre.Console;

namespace Kontena.Operator.Tests.Live;

public sealed class LiveScreenTests
{
    [Test]
    public void Render_80By24_IsTheGolden()
    {
        const string expected = """
            12:00:03  1 of 3 pools ready, 5 of 9 nodes ready

            POOL    PROVIDER       NODES   READY   STATUS
            web     aws            3       2/3     Booting
              2 of 3 nodes are ready (1 Booting).
            batch   digitalocean   4       2/5     CredentialsRefused
              DigitalOcean refused the token in Secret digitalocean (401 Unable to
              authenticate you). Put a token with read and write scope into key token; the
              operator tries again when the Secret changes.
            cache   vagrant        1       1/1     AllReady

            NODE      ZONE         TYPE          STATUS               ADDRESS         AGE
            web-0     eu-west-1a   t3.small      Ready                10.0.0.10       15m
            web-1     eu-west-1b   t3.small      Ready                10.0.1.10       2m10s
            web-2     eu-west-1c   t3a.small     Booting              -               7s
            batch-0   fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1     30h
            cache-0   -            -             Ready                192.168.56.10   4d

            11:59:56  web-2: Creating a t3a.small in eu-west-1c.
            12:00:01  batch: The provider refused\nour [red]credentials[/].
            """;
        Assert.That(Render(LiveModels.Busy, 80, 24), Is.EqualTo(expected));
    }

    [Test]
    public void Render_120By40_IsTheGolden()
    {
        const string expected = """
            12:00:03  1 of 3 pools ready, 5 of 9 nodes ready

            POOL    PROVIDER       NODES   READY   STATUS
            web     aws            3       2/3     Booting
              2 of 3 nodes are ready (1 Booting).
            batch   digitalocean   4       2/5     CredentialsRefused
              DigitalOcean refused the token in Secret digitalocean (401 Unable to authenticate you). Put a token with read and
              write scope into key token; the operator tries again when the Secret changes.
            cache   vagrant        1       1/1     AllReady

            NODE      ZONE         TYPE          STATUS               ADDRESS         AGE
            web-0     eu-west-1a   t3.small      Ready                10.0.0.10       15m
            web-1     eu-west-1b   t3.small      Ready                10.0.1.10       2m10s
            web-2     eu-west-1c   t3a.small     Booting              -               7s
            batch-0   fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1     30h
            cache-0   -            -             Ready                192.168.56.10   4d

            11:59:56  web-2: Creating a t3a.small in eu-west-1c.
            12:00:01  batch: The provider refused\nour [red]credentials[/].
            """;
        Assert.That(Render(LiveModels.Busy, 120, 40), Is.EqualTo(expected));
    }

    [Test]
    public void Render_MoreNodesThanRoom_ShowsTroubleFirstAndCountsTheRest()
    {
        const string expected = """
            12:00:03  1 of 3 pools ready, 5 of 9 nodes ready

            POOL     PROVIDER       NODES   READY   STATUS
            pool-0   aws            3       2/3     Booting
              2 of 3 nodes are ready (1 Booting).
            pool-1   digitalocean   4       2/5     CredentialsRefused
              DigitalOcean refused the token in Secret digitalocean (401 Unable to
              authenticate you). Put a token with read and write scope into key token; the
              operator tries again when the Secret changes.
            pool-2   vagrant        1       1/1     AllReady

            NODE      ZONE         TYPE          STATUS               ADDRESS       AGE
            node-2    eu-west-1c   t3a.small     Booting              -             7s
            node-3    fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1   30h
            node-8    fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1   30h
            node-13   fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1   30h
            node-18   fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1   30h
            node-23   fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1   30h
            node-28   fra1         s-2vcpu-4gb   CredentialsRefused   178.62.10.1   30h
            … and 23 more, 5 not ready

            11:59:56  web-2: Creating a t3a.small in eu-west-1c.
            12:00:01  batch: The provider refused\nour [red]credentials[/].
            """;
        Assert.That(Render(LiveModels.Crowd(3, 30), 80, 24), Is.EqualTo(expected));
    }

    [Test]
    public void Lines_AnySizeAndAnyModel_FitsTheScreen([Values(20, 39, 80, 200)] int width, [Values(5, 10, 24, 60)] int height, [Values(0, 1, 7, 80)] int pools, [Values(0, 3, 500)] int nodes)
    {
        var lines = new LiveScreen(LiveModels.Crowd(pools, nodes), LiveModels.Now, TimeZoneInfo.Utc).Lines(width, height);
        Assert.That(lines, Has.Count.LessThanOrEqualTo(height));
        if (width >= 80) Assert.That(lines.Max(line => line.Cells.Sum(cell => CellText.Width(cell.Text))), Is.LessThanOrEqualTo(width));
    }

    [Test]
    public void Render_TerminalWithColours_ReadyIsGreenTroubleIsRed()
    {
        var text = Render(LiveModels.Busy, 80, 24, AnsiSupport.Yes, ColorSystemSupport.Standard);
        Assert.That(text, Does.Contain("\u001b[32m1/1\u001b[0m").And.Contain("\u001b[33mBooting\u001b[0m").And.Contain("\u001b[31m2/5\u001b[0m"));
    }

    [Test]
    public void Render_NoPools_SaysSo() =>
        Assert.That(Render(new LiveModel(), 80, 24), Is.EqualTo("12:00:03  0 of 0 pools ready, 0 of 0 nodes ready\n\nNo pools yet."));

    private static string Render(LiveModel model, int width, int height, AnsiSupport ansi = AnsiSupport.No, ColorSystemSupport colours = ColorSystemSupport.NoColors)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, ColorSystem = colours, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        console.Write(new LiveScreen(model, LiveModels.Now, TimeZoneInfo.Utc));
        return output.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }
}
