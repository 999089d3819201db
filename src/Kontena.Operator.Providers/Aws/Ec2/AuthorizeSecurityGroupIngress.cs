using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Opens ways into a security group: all of them, or none where one is there already.</summary>
internal sealed class AuthorizeSecurityGroupIngress(string id, IReadOnlyList<Ec2Rule> permissions) : Ec2Operation<bool>
{
    public override string Action => "AuthorizeSecurityGroupIngress";

    public override string Subject => $"{permissions.Count} rules of {id}";

    public override bool Mutates => true;

    public override void Write(Ec2Form form) => form.Add("GroupId", id).AddPermissions(permissions);

    public override bool Read(XElement answer) => true;
}
