namespace Kontena.Simulator.Ec2.Query;

/// <summary>A refusal as EC2 words it: thrown by whatever finds the fault, answered at the door.</summary>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;
}
