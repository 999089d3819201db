using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Makes a security group that lets nothing in and, as EC2 makes them, everything out. Answers with its id.</summary>
internal sealed class CreateSecurityGroup(Ec2NewSecurityGroup group) : Ec2Operation<string>
{
    public override string Action => "CreateSecurityGroup";

    public override string Subject => $"{group.Name} in {group.VpcId}";

    public override bool Mutates => true;

    public override void Write(Ec2Form form) =>
        form.Add("GroupName", group.Name)
            .Add("GroupDescription", group.Description)
            .Add("VpcId", group.VpcId)
            .AddTagSpecification(1, "security-group", group.Tags);

    public override string Read(XElement answer) => answer.RequiredText("groupId");
}
