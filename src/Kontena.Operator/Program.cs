using Kontena.Operator.Commands;

return await CommandTree.Build().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(5) });
