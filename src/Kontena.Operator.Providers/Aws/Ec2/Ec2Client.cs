using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws.Ec2.Wire;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>EC2 over the AWS runtime: one send a call, a deadline on each, every failure a <see cref="DriverException"/>.</summary>
internal sealed class Ec2Client(Ec2Transport transport, string region, TimeSpan callDeadline, TimeProvider time, ILogger<Ec2Client> log) : IEc2Api
{
    // 1000 pages of 1000: a listing beyond that is a server that does not end.
    private const int MostPages = 1000;

    public Task<Ec2Instance> RunInstanceAsync(Ec2Launch launch, CancellationToken ct) => CallAsync(new RunInstances(launch), ct);

    public Task<IReadOnlyList<Ec2Instance>> DescribeInstancesAsync(IReadOnlyList<Ec2Filter> filters, CancellationToken ct) =>
        AllPagesAsync(token => new DescribeInstances(filters, token), ct);

    public async Task<Ec2Instance?> DescribeInstanceAsync(string id, CancellationToken ct)
    {
        var page = await CallAsync(new DescribeInstances(id), ct);
        if (page.Items.Count == 0) return null;
        // An answer about something else says nothing of this one, least of all that it is gone.
        return page.Items.FirstOrDefault(instance => instance.Id == id)
            ?? throw new DriverException(DriverFault.Unavailable, $"DescribeInstances ({id}) in {region}: the answer is about other instances ({page.Items.Count}).");
    }

    public Task TerminateInstanceAsync(string id, CancellationToken ct) => CallAsync(new TerminateInstances(id), ct);

    public Task TagInstanceAsync(string id, IReadOnlyList<KeyValuePair<string, string>> tags, CancellationToken ct) => CallAsync(new CreateTags(id, tags), ct);

    public Task<IReadOnlyList<Ec2Image>> DescribeImagesAsync(Ec2ImageQuery query, CancellationToken ct) =>
        AllPagesAsync(token => new DescribeImages(query, token), ct);

    public Task<IReadOnlyList<Ec2Subnet>> DescribeSubnetsAsync(IReadOnlyList<string> ids, IReadOnlyList<Ec2Filter> filters, CancellationToken ct) =>
        AllPagesAsync(token => new DescribeSubnets(ids, filters, token), ct);

    public Task<IReadOnlyList<Ec2Vpc>> DescribeVpcsAsync(IReadOnlyList<Ec2Filter> filters, CancellationToken ct) =>
        AllPagesAsync(token => new DescribeVpcs(filters, token), ct);

    public Task<IReadOnlyList<Ec2SecurityGroup>> DescribeSecurityGroupsAsync(IReadOnlyList<Ec2Filter> filters, CancellationToken ct) =>
        AllPagesAsync(token => new DescribeSecurityGroups(filters, token), ct);

    public Task<string> CreateSecurityGroupAsync(Ec2NewSecurityGroup group, CancellationToken ct) => CallAsync(new CreateSecurityGroup(group), ct);

    public Task DeleteSecurityGroupAsync(string id, CancellationToken ct) => CallAsync(new DeleteSecurityGroup(id), ct);

    public Task AuthorizeIngressAsync(string id, IReadOnlyList<Ec2Rule> permissions, CancellationToken ct) =>
        CallAsync(new AuthorizeSecurityGroupIngress(id, permissions), ct);

    public Task RevokeIngressAsync(string id, IReadOnlyList<Ec2Rule> permissions, CancellationToken ct) =>
        CallAsync(new RevokeSecurityGroupIngress(id, permissions), ct);

    public Task SetSecurityGroupsAsync(string instanceId, IReadOnlyList<string> groupIds, CancellationToken ct) =>
        CallAsync(new ModifyInstanceAttribute(instanceId, groupIds), ct);

    public void Dispose() => transport.Dispose();

    private async Task<IReadOnlyList<T>> AllPagesAsync<T>(Func<string?, Ec2Operation<Ec2Page<T>>> page, CancellationToken ct)
    {
        var items = new List<T>();
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var operation = page(next);
            var answer = await CallAsync(operation, ct);
            items.AddRange(answer.Items);
            next = answer.NextToken;
            if (next is not null && (!tokens.Add(next) || tokens.Count >= MostPages))
                throw new DriverException(DriverFault.Unavailable,
                    $"{operation.Action} ({operation.Subject}) in {region} does not end: after {tokens.Count} pages EC2 names a next page "
                    + "that was read already, or still another. The listing is not used.");
        }
        while (next is not null);
        return items;
    }

    private async Task<T> CallAsync<T>(Ec2Operation<T> operation, CancellationToken ct)
    {
        var call = new Ec2Call(operation.Action, operation.Subject, region, operation.Mutates);
        var form = new Ec2Form();
        operation.Write(form);
        var begun = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(callDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var sending = BufferedTransport.Watch();
        try
        {
            var answer = operation.Read(await transport.SendAsync(operation.Action, form, either.Token));
            log.LogDebug("EC2 {Action} for {Subject} took {Duration}", call.Action, call.Subject, time.GetElapsedTime(begun));
            return answer;
        }
        catch (Exception e) when (AwsFaults.IsOfTheWorld(e))
        {
            if (ct.IsCancellationRequested) throw new OperationCanceledException($"{call} was called off", ct);
            var fault = deadline.IsCancellationRequested
                ? AwsFaults.NoAnswer(call, callDeadline, sending.MayHaveArrived)
                : AwsFaults.From(call, e, sending.MayHaveArrived);
            log.LogDebug("EC2 {Action} for {Subject} failed after {Duration}: {Code} (request {RequestId})",
                call.Action, call.Subject, time.GetElapsedTime(begun), fault.Code ?? fault.Fault.ToString(), fault.Data[AwsFaults.RequestId]);
            throw fault;
        }
    }
}

/// <summary>Names a call in messages.</summary>
internal sealed record Ec2Call(string Action, string Subject, string Region, bool Mutates)
{
    public override string ToString() => $"{Action} ({Subject}) in {Region}";
}
