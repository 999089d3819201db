namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>One condition of a Describe call: any of the values (with <c>*</c> and <c>?</c>). Several filters must all hold.</summary>
public sealed record Ec2Filter(string Name, IReadOnlyList<string> Values)
{
    public Ec2Filter(string name, string value) : this(name, [value]) { }

    public static Ec2Filter Tag(string key, string value) => new($"tag:{key}", value);
}
