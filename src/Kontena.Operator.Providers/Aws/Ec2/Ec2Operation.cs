using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>One call: what is sent, how its answer is read, and how people are told of it.</summary>
internal abstract class Ec2Operation<T>
{
    /// <summary>EC2's name of the call.</summary>
    public abstract string Action { get; }

    /// <summary>What the call is about, for messages; holds no secret.</summary>
    public abstract string Subject { get; }

    /// <summary>True where a lost answer may hide a change.</summary>
    public virtual bool Mutates => false;

    public abstract void Write(Ec2Form form);

    /// <param name="answer">The document's root, <c>{Action}Response</c>. Unknown elements are ignored, missing ones tolerated.</param>
    public abstract T Read(XElement answer);
}
