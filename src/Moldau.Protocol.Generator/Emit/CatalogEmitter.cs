using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Generator;

/// <summary>The switches of the catalog: from names, keys and ids to new messages, without reflection.</summary>
internal static class CatalogEmitter
{
    public static string Emit(IReadOnlyList<MessageSchema> messages)
    {
        var code = new CodeWriter();
        MessageEmitter.Preamble(code);
        code.Open("public static partial class MessageCatalog");
        code.Line($"private static MessageSchema[] ListSchemas() => [{string.Join(", ", messages.Select(m => $"{m.Name}.SchemaOf"))}];");
        Switch(code, "IMessage", "CreateByName(string name)", "name", messages, m => $"\"{m.Name}\"");
        Switch(code, "IRequest", "CreateByRequestKey(ApiKey key)", "(short)key", Of(messages, "request"), m => $"{m.Key}");
        code.Line("private static MessageSchema? SchemaByRequestKey(ApiKey key) => (short)key switch");
        code.Line("{");
        foreach (MessageSchema message in Of(messages, "request")) code.Line($"    {message.Key} => {message.Name}.SchemaOf,");
        code.Line("    _ => null,");
        code.Line("};");
        Switch(code, "IResponse", "CreateByResponseKey(ApiKey key)", "(short)key", Of(messages, "response"), m => $"{m.Key}");
        Switch(code, "IMessage", "CreateByRecordId(string kind, string type, short id)", "(kind, type, id)", messages.Where(m => m.Key is not null && m.Kind != "rpc"), m => $"(\"{m.Kind}\", \"{m.Type}\", {m.Key})");
        code.Close();
        return code.ToString();
    }

    private static IEnumerable<MessageSchema> Of(IReadOnlyList<MessageSchema> messages, string type) => messages.Where(m => m.Type == type).OrderBy(m => m.Key);

    private static void Switch(CodeWriter code, string type, string signature, string subject, IEnumerable<MessageSchema> messages, Func<MessageSchema, string> label)
    {
        code.Line($"private static {type}? {signature} => {subject} switch");
        code.Line("{");
        foreach (MessageSchema message in messages) code.Line($"    {label(message)} => new {message.Name}(),");
        code.Line("    _ => null,");
        code.Line("};");
    }
}
