namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <param name="Mode">Permission bits.</param>
internal sealed record RenderedFile(int Mode, string Content);
