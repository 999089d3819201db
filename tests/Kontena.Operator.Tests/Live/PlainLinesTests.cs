using Kontena.Operator.Commands.Live;

namespace Kontena.Operator.Tests.Live;

public sealed class PlainLinesTests
{
    private static readonly DateTimeOffset Now = LiveModels.Now;

    private readonly PlainLines lines = new(TimeZoneInfo.Utc);

    [Test]
    public void Next_FirstModel_PrintsHappeningsThenPools() =>
        Assert.That(lines.Next(LiveModels.Busy, Now), Is.EqualTo(new[]
        {
            "11:59:56 web-2: Creating a t3a.small in eu-west-1c.",
            "12:00:01 batch: The provider refused\\nour [red]credentials[/].",
            "12:00:03 web 2/3 ready  Booting: 2 of 3 nodes are ready (1 Booting).",
            "12:00:03 batch 2/5 ready  CredentialsRefused: DigitalOcean refused the token in Secret digitalocean (401 Unable to authenticate you). Put a token with read and write scope into key token; the operator tries again when the Secret changes.",
            "12:00:03 cache 1/1 ready  AllReady: All 1 nodes are ready.",
        }));

    [Test]
    public void Next_NothingShownChanged_PrintsNothing()
    {
        lines.Next(LiveModels.Busy, Now);
        var later = LiveModels.Busy with { Nodes = [], Pools = [.. LiveModels.Busy.Pools.Select(pool => pool with { Nodes = 9 })], Happenings = [LiveModels.Busy.Happenings[1]] };
        Assert.That(lines.Next(later, Now.AddSeconds(1)), Is.Empty);
    }

    [Test]
    public void Next_OnePoolChanges_PrintsThatOneOnly()
    {
        lines.Next(LiveModels.Busy, Now);
        var ready = LiveModels.Web with { Ready = 3, Progress = LiveProgress.Current, Reason = "AllReady", Message = "All 3 nodes are ready." };
        Assert.That(lines.Next(LiveModels.Busy with { Pools = [ready, LiveModels.Batch, LiveModels.Cache] }, Now.AddSeconds(9)),
            Is.EqualTo(new[] { "12:00:12 web 3/3 ready  AllReady: All 3 nodes are ready." }));
    }

    [Test]
    public void Next_PoolGone_PrintsItOnce()
    {
        lines.Next(LiveModels.Busy, Now);
        var less = LiveModels.Busy with { Pools = [LiveModels.Web, LiveModels.Batch] };
        Assert.That(lines.Next(less, Now), Is.EqualTo(new[] { "12:00:03 cache is gone" }));
        Assert.That(lines.Next(less, Now), Is.Empty);
    }
}
