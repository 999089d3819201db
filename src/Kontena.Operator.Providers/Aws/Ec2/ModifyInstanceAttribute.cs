using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Replaces the security groups of an instance, in use or stopped. EC2 refuses it for one with several network interfaces.</summary>
internal sealed class ModifyInstanceAttribute(string id, IReadOnlyList<string> groupIds) : Ec2Operation<bool>
{
    public override string Action => "ModifyInstanceAttribute";

    public override string Subject => $"security groups of {id}";

    public override bool Mutates => true;

    public override void Write(Ec2Form form) => form.Add("InstanceId", id).AddList("GroupId", groupIds);

    public override bool Read(XElement answer) => true;
}
