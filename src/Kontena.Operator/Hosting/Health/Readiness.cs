namespace Kontena.Operator.Hosting.Health;

/// <summary>What a readiness check found.</summary>
public abstract record Readiness
{
    private Readiness() { }

    public static Readiness Ok { get; } = new Ready();

    public static Readiness Failed(string reason) => new NotReady(reason);

    public sealed record Ready : Readiness;

    /// <param name="Reason">For people, without secrets: whoever reaches the port can read it.</param>
    public sealed record NotReady(string Reason) : Readiness;
}
