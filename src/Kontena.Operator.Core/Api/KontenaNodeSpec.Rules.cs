using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

public sealed partial record KontenaNodeSpec : IHasRules
{
    private const string IdWithoutAttempt = "a provider id comes from an attempt: there is none";

    private const string AttemptTakenBack = "an attempt is never taken back";

    private const string AttemptChanged = "an attempt never changes: the next one has a higher number";

    // The machine may live still: a second one for the same node would be a twin.
    private const string AttemptAfterId = "no attempt opens once a provider id was recorded: the node is replaced instead";

    /// <summary>True where the attempt was written under another UID: the object was copied, by a backup or to another place.</summary>
    /// <param name="uid">The object's own <c>metadata.uid</c>.</param>
    public bool IsCopy(string uid) => Attempt is { } attempt && attempt.NodeUID != uid;

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        if (ProviderID is not null && Attempt is null) yield return Broken(".providerID", IdWithoutAttempt);
        if (old is not KontenaNodeSpec { Attempt: { } stored } before) yield break;
        if (Attempt is null)
        {
            yield return Broken(".attempt", AttemptTakenBack);
            yield break;
        }
        if (Attempt.Number <= stored.Number && !SchemaFields.Same(Attempt, stored)) yield return Broken(".attempt", AttemptChanged);
        if (before.ProviderID is not null && Attempt.Number != stored.Number) yield return Broken(".attempt", AttemptAfterId);
    }

    private static FieldError Broken(string path, string message) => new(path, FieldErrorKind.Invalid, message, FieldErrorSource.Rule);
}
