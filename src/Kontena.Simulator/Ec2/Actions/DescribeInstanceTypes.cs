using System.Globalization;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeInstanceTypes() : Ec2Action("DescribeInstanceTypes", mutates: false, [Text("InstanceType.N"), .. Filters, .. Paging])
{
    private static readonly Dictionary<string, Func<MachineType, IEnumerable<string>>> Fields = new(StringComparer.Ordinal)
    {
        ["instance-type"] = t => [t.Name],
        ["current-generation"] = t => [Current(t) ? "true" : "false"],
        ["burstable-performance-supported"] = t => [t.Burstable ? "true" : "false"],
        ["processor-info.supported-architecture"] = t => [t.Architecture],
        ["vcpu-info.default-vcpus"] = t => [t.Vcpus.ToString(CultureInfo.InvariantCulture)],
        ["memory-info.size-in-mib"] = t => [t.MemoryMiB.ToString(CultureInfo.InvariantCulture)],
        ["supported-usage-class"] = _ => ["on-demand", "spot"],
        ["bare-metal"] = _ => ["false"],
    };

    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var names = call.Parameters.List("InstanceType");
        if (names.Count > 0 && call.Parameters.Has("MaxResults"))
            throw Refusal.Combination("The parameter MaxResults cannot be used with the parameter InstanceTypes");
        var types = call.Region.Options.InstanceTypes;
        var unknown = names.Except(types.Select(t => t.Name)).ToList();
        if (unknown.Count > 0)
            throw new ApiException(400, "InvalidInstanceType", $"The following supplied instance types do not exist: [{string.Join(", ", unknown)}]");
        var filters = new FilterSet<MachineType>(call.Parameters, Fields, tags: null);
        call.EndDryRun();
        var found = types.Index().Where(t => (names.Count == 0 || names.Contains(t.Item.Name)) && filters.Matches(t.Item));
        var page = Page<(int Index, MachineType Item)>.Take(found, t => t.Index, call.Parameters);
        xml.List("instanceTypeSet", page.Items, type => One(xml, type.Item));
        xml.Text("nextToken", page.NextToken);
    }

    private static void One(AnswerXml xml, MachineType type)
    {
        xml.Text("instanceType", type.Name);
        xml.Flag("currentGeneration", Current(type));
        xml.Values("supportedUsageClasses", ["on-demand", "spot"]);
        xml.Values("supportedRootDeviceTypes", ["ebs"]);
        xml.Values("supportedVirtualizationTypes", ["hvm"]);
        xml.Flag("bareMetal", false);
        xml.Element("processorInfo", () => xml.Values("supportedArchitectures", [type.Architecture]));
        xml.Element("vCpuInfo", () => xml.Number("defaultVCpus", type.Vcpus));
        xml.Element("memoryInfo", () => xml.Number("sizeInMiB", type.MemoryMiB));
        xml.Flag("instanceStorageSupported", false);
        xml.Flag("burstablePerformanceSupported", type.Burstable);
    }

    private static bool Current(MachineType type) => !type.Name.StartsWith("m1.", StringComparison.Ordinal);
}
