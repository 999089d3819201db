using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Sets tags of one instance, all of them or none; a key that is there gets the new value.</summary>
internal sealed class CreateTags(string id, IReadOnlyList<KeyValuePair<string, string>> tags) : Ec2Operation<bool>
{
    public override string Action => "CreateTags";

    public override string Subject => id;

    public override bool Mutates => true;

    public override void Write(Ec2Form form) => form.Add("ResourceId.1", id).AddTags("Tag", tags);

    public override bool Read(XElement answer) => true;
}
