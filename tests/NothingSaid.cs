/// <summary>Around all tests of the assembly, whatever they are about: no secret is said.</summary>
[SetUpFixture]
#pragma warning disable CA1050 // Outside of every namespace, so that it holds for all of them.
public sealed class NothingSaid
#pragma warning restore CA1050
{
    private CanaryWatch watch = null!;

    [OneTimeSetUp]
    public void Begin() => watch = new CanaryWatch();

    [OneTimeTearDown]
    public void End()
    {
        watch.Dispose();
        TestContext.Progress.WriteLine(watch.Summary);
        Assert.That(watch.Found, Is.Empty);
    }
}
