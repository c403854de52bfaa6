using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Generator;

/// <summary>Makes a class of every message in the <c>.kmsg</c> files, and the catalog of all of them.</summary>
[Generator]
public sealed class MessageGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor BadSchema = new("KMSG001", "Schema file", "{0}", "Schema", DiagnosticSeverity.Error, true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<SchemaFile> files = context.AdditionalTextsProvider
            .Where(file => file.Path.EndsWith(".kmsg", StringComparison.Ordinal))
            .Select((file, cancellation) => new SchemaFile(file.Path, file.GetText(cancellation)?.ToString() ?? ""));
        context.RegisterSourceOutput(files, (output, file) =>
        {
            foreach (MessageSchema message in Parse(output, file)) output.AddSource(message.Name + ".g.cs", SourceText.From(MessageEmitter.Emit(message), Encoding.UTF8));
        });
        context.RegisterSourceOutput(files.Collect(), EmitCatalog);
    }

    private static void EmitCatalog(SourceProductionContext output, ImmutableArray<SchemaFile> files)
    {
        if (files.IsEmpty) return;
        var messages = new List<MessageSchema>();
        foreach (SchemaFile file in files.OrderBy(file => file.Path, StringComparer.Ordinal)) messages.AddRange(Parse(null, file));
        output.AddSource("MessageCatalog.g.cs", SourceText.From(CatalogEmitter.Emit(messages), Encoding.UTF8));
    }

    /// <summary>The catalog's pass reports nothing: the files' own pass has.</summary>
    private static List<MessageSchema> Parse(SourceProductionContext? output, SchemaFile file)
    {
        try
        {
            return SchemaParser.Parse(Path.GetFileName(Path.GetDirectoryName(file.Path)), file.Text);
        }
        catch (SchemaException error)
        {
            var line = new LinePosition(error.Line - 1, 0);
            output?.ReportDiagnostic(Diagnostic.Create(BadSchema, Location.Create(file.Path, default, new LinePositionSpan(line, line)), error.Message));
            return [];
        }
    }

    /// <summary>A schema file; equal text means nothing is generated again.</summary>
    private sealed class SchemaFile(string path, string text) : IEquatable<SchemaFile>
    {
        public string Path { get; } = path;

        public string Text { get; } = text;

        public bool Equals(SchemaFile? other) => other is not null && Path == other.Path && Text == other.Text;

        public override bool Equals(object? obj) => Equals(obj as SchemaFile);

        public override int GetHashCode() => Path.GetHashCode();
    }
}
