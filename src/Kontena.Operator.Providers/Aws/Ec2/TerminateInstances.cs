using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Asks for termination of one instance. Answers with the state that EC2 says it has now; null where it says none.</summary>
internal sealed class TerminateInstances(string id) : Ec2Operation<string?>
{
    public override string Action => "TerminateInstances";

    public override string Subject => id;

    public override bool Mutates => true;

    public override void Write(Ec2Form form) => form.Add("InstanceId.1", id);

    public override string? Read(XElement answer) =>
        answer.RequiredItems("instancesSet").FirstOrDefault(item => item.Text("instanceId") == id).Child("currentState").Text("name");
}
