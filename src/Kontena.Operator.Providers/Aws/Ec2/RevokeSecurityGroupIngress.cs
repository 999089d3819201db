using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>
/// Closes ways into a security group. Where one is not there, EC2 refuses the whole call; in a default VPC it closes the others and
/// names that one in its answer, which says no more than that it is closed.
/// </summary>
internal sealed class RevokeSecurityGroupIngress(string id, IReadOnlyList<Ec2Rule> permissions) : Ec2Operation<bool>
{
    public override string Action => "RevokeSecurityGroupIngress";

    public override string Subject => $"{permissions.Count} rules of {id}";

    public override bool Mutates => true;

    public override void Write(Ec2Form form) => form.Add("GroupId", id).AddPermissions(permissions);

    public override bool Read(XElement answer) => true;
}
