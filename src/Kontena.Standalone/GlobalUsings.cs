// What nearly every part of an API server speaks of: objects as JSON, what kinds there are, what was asked, where it is kept, and how it is refused.
global using System.Text.Json.Nodes;
global using Kontena.Standalone.Faults;
global using Kontena.Standalone.Json;
global using Kontena.Standalone.Requests;
global using Kontena.Standalone.Resources;
global using Kontena.Standalone.Storage;
