namespace Kontena.Operator.Core.Machines;

/// <summary>Which machine to look for: by id where one was recorded, by token and marks where not.</summary>
public abstract record MachineQuery
{
    private MachineQuery() { }

    public sealed record ById(string ProviderId) : MachineQuery;

    /// <summary>Any machine of this attempt, whatever became of the create call's answer.</summary>
    public sealed record ByAttempt(MachineMarks Marks, string Token) : MachineQuery;
}
