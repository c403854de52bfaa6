namespace Moldau.Protocol.Messages;

/// <summary>
/// Reads schema files (the grammar is in the generator's README). The generator compiles it to make classes; the protocol assembly compiles it
/// too, so that a message's schema at run time is the same text read by the same code.
/// </summary>
internal static class SchemaParser
{
    /// <summary>All messages of a file. <paramref name="kind"/> is the folder it stands in.</summary>
    /// <exception cref="SchemaException">Names the line.</exception>
    public static List<MessageSchema> Parse(string kind, string text)
    {
        List<SchemaLine> lines = Split(text, out string comment);
        var messages = new List<MessageSchema>();
        int at = 0;
        while (at < lines.Count)
        {
            SchemaLine head = lines[at++];
            if (head.Indent != 0) throw head.Error("a message begins at the left margin");
            if (head.TryTake("api")) ParseApi(kind, head, lines, ref at, messages);
            else messages.Add(ParseMessage(kind, head, lines, ref at));
        }

        foreach (MessageSchema message in messages) message.Comment = comment;
        return messages;
    }

    private static void ParseApi(string kind, SchemaLine head, List<SchemaLine> lines, ref int at, List<MessageSchema> messages)
    {
        short key = ParseKey(head);
        string name = head.Next("the API's name");
        for (int side = 0; side < 2; side++)
        {
            string type = side == 0 ? "request" : "response";
            SchemaLine? section = at < lines.Count ? lines[at++] : null;
            if (section is null || section.Code != type) throw (section ?? head).Error($"'{type}' expected");
            var message = new MessageSchema(kind, type, name + (side == 0 ? "Request" : "Response")) { Key = key };
            int from = at;
            if (side == 0) ParseAttributes(head, message);
            else CopyAttributes(messages[messages.Count - 1], message);
            ParseBody(message, lines, ref at);
            message.Text = Join(head.Code.Replace("api ", type + " ").Replace(" " + name + " ", " " + message.Name + " "), lines, from, at, side == 1);
            messages.Add(message);
        }
    }

    private static MessageSchema ParseMessage(string kind, SchemaLine head, List<SchemaLine> lines, ref int at)
    {
        string type = head.Next("the kind of message");
        if (type is not ("request" or "response" or "metadata" or "coordinator-key" or "coordinator-value" or "header" or "data"))
            throw head.Error($"'{type}' is not a kind of message");
        short? key = type is "header" or "data" ? null : ParseKey(head);
        var message = new MessageSchema(kind, type, head.Next("the message's name")) { Key = key };
        ParseAttributes(head, message);
        int from = at;
        ParseBody(message, lines, ref at);
        message.Text = Join(head.Code, lines, from, at, false);
        return message;
    }

    private static short ParseKey(SchemaLine head)
    {
        string word = head.Next("the key");
        return short.TryParse(word, out short key) ? key : throw head.Error($"'{word}' is not a key");
    }

    private static void ParseAttributes(SchemaLine head, MessageSchema message)
    {
        if (!head.TryTake("versions")) throw head.Error("'versions' expected");
        message.Versions = head.NextVersions(out _);
        while (!head.AtEnd)
        {
            if (head.TryTake("flexible"))
            {
                message.FlexibleVersions = head.NextVersions(out string text);
                message.FlexibleText = text;
            }
            else if (head.TryTake("on")) message.Listeners = head.Next("listeners").Split(',');
            else if (head.TryTake("latest-unstable")) message.LatestVersionUnstable = head.Next("true or false") == "true";
            else throw head.Error($"'{head.Peek}' is not known here");
        }
    }

    private static void CopyAttributes(MessageSchema request, MessageSchema response)
    {
        response.Versions = request.Versions;
        response.FlexibleVersions = request.FlexibleVersions;
        response.FlexibleText = request.FlexibleText;
    }

    private static void ParseBody(MessageSchema message, List<SchemaLine> lines, ref int at)
    {
        var structs = new List<StructSchema>();
        var parser = new FieldParser(structs);
        message.Fields = parser.ParseFields(lines, ref at, 2);
        while (at < lines.Count && lines[at].TryTake("struct"))
        {
            SchemaLine head = lines[at++];
            string name = head.Next("the struct's name");
            string versions = "0+";
            if (!head.AtEnd) head.NextVersions(out versions);
            var common = new StructSchema(name, versions);
            structs.Add(common);
            common.Fields = parser.ParseFields(lines, ref at, 2);
        }

        message.Structs = structs;
        parser.Resolve();
        NameClasses(message);
    }

    /// <summary>A nested class may not share its name with a property: one that would, anywhere in the message, gets the suffix.</summary>
    private static void NameClasses(MessageSchema message)
    {
        var taken = new HashSet<string>(message.Structs.SelectMany(s => s.Fields).Concat(message.Fields).Select(f => f.PropertyName), StringComparer.Ordinal) { message.Name };
        foreach (StructSchema each in message.Structs)
        {
            if (taken.Contains(each.Name)) each.ClassName = each.Name + "Entry";
        }
    }

    private static List<SchemaLine> Split(string text, out string comment)
    {
        var lines = new List<SchemaLine>();
        var head = new List<string>();
        string[] raw = text.Replace("\r\n", "\n").Split('\n');
        for (int i = 0; i < raw.Length; i++)
        {
            var line = new SchemaLine(i + 1, raw[i]);
            if (!line.IsBlank) lines.Add(line);
            else if (lines.Count == 0 && line.Comment is { } words) head.Add(words);
        }

        comment = string.Join("\n", head);
        return lines;
    }

    private static string Join(string head, List<SchemaLine> lines, int from, int to, bool isResponse)
    {
        if (isResponse)
        {
            // What only a request carries stays with the request.
            int listeners = head.IndexOf("  on ", StringComparison.Ordinal);
            if (listeners >= 0) head = head.Substring(0, listeners);
        }

        return string.Join("\n", new[] { head }.Concat(lines.Skip(from).Take(to - from).Select(line => line.Code)));
    }
}
