namespace Kontena.TestKit.GitOps;

/// <summary>What kstatus makes of an object; the words are its own.</summary>
public enum KstatusVerdict
{
    /// <summary>Not what it is asked to be yet, and on the way.</summary>
    InProgress,

    /// <summary>Waiting will not help.</summary>
    Failed,

    /// <summary>As asked for. It is also what an object is taken for that says nothing about itself.</summary>
    Current,

    /// <summary>Being deleted.</summary>
    Terminating,

    /// <summary>The object is not of a form that can be judged.</summary>
    Unknown,
}
