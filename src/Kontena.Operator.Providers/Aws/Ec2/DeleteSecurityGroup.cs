using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Deletes a security group; EC2 refuses while an interface has it or another group's rule names it.</summary>
internal sealed class DeleteSecurityGroup(string id) : Ec2Operation<bool>
{
    public override string Action => "DeleteSecurityGroup";

    public override string Subject => id;

    public override bool Mutates => true;

    public override void Write(Ec2Form form) => form.Add("GroupId", id);

    public override bool Read(XElement answer) => true;
}
