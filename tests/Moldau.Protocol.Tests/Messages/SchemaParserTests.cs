using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

public sealed class SchemaParserTests
{
    private const string Head = "data Thing  versions 0-3  flexible 2+\n";

    [Theory]
    [InlineData("api x Fetch  versions 0", 1, "'x' is not a key")]
    [InlineData("api 1 Fetch  versions 0\nresponse", 2, "'request' expected")]
    [InlineData("api 1 Fetch  versions 0\nrequest", 1, "'response' expected")]
    [InlineData("thing 1 Thing  versions 0", 1, "'thing' is not a kind of message")]
    [InlineData("data Thing  versions 3-1", 1, "'3-1' is not a version range")]
    [InlineData("data Thing  version 3", 1, "'versions' expected")]
    [InlineData("data Thing  versions 0  colour red", 1, "'colour' is not known here")]
    [InlineData(Head + "  A", 2, "the field's type expected")]
    [InlineData(Head + "  A  int32  red", 2, "'red' is not a flag")]
    [InlineData(Head + "  A  int32  tag x", 2, "'x' is not a tag")]
    [InlineData(Head + "  A  int32  -", 2, "'-' for the versions needs a tag")]
    [InlineData(Head + "  A  int32?", 2, "int32 cannot be null")]
    [InlineData(Head + "  A  string = null", 2, "null by default and may never be")]
    [InlineData(Head + "  A  []bool", 2, "arrays of bool")]
    [InlineData(Head + "  A  []B", 2, "type B is not described")]
    [InlineData(Head + "  A  int32\n    B  int32", 2, "int32 has no fields")]
    [InlineData(Head + "  A  int32\n  A  int32", 3, "A stands here twice")]
    [InlineData(Head + "  A  []B\n     C  int32", 3, "indented by 5, 4 expected")]
    [InlineData(Head + "  A  []B\n    C  int32\nstruct B\n  D  int32", 2, "struct B is described twice")]
    [InlineData("  A  int32", 1, "a message begins at the left margin")]
    public void What_breaks_the_grammar_is_refused_at_its_line(string text, int line, string reason)
    {
        SchemaException refusal = Assert.Throws<SchemaException>(() => SchemaParser.Parse("rpc", text));
        Assert.Equal(line, refusal.Line);
        Assert.Contains(reason, refusal.Message);
    }

    [Fact]
    public void A_field_line_says_everything_about_the_field()
    {
        const string Text = Head + "  A  string?1+  = null  0-2  tag 4 2+  ignorable  key  as topicName  # what it is";
        FieldSchema field = Assert.Single(Assert.Single(SchemaParser.Parse("rpc", Text)).Fields);
        Assert.Equal(("A", "a", "string", "0-2", "1+", "2+"), (field.Name, field.JsonName, field.Type, field.VersionsText, field.NullableText, field.TaggedText));
        Assert.Equal((4, true, true, "topicName", "null", true), (field.Tag!.Value, field.Ignorable!.Value, field.IsMapKey, field.EntityType!, field.Default!, field.IsInterned));
        Assert.Equal("what it is", field.Comment);
    }

    [Fact]
    public void A_struct_is_named_apart_from_a_field_or_message_of_its_name()
    {
        const string Text = Head + "  Leader  Leader\n    Id  int32\n  Items  []Thing\n    Id  int32\n  Plain  []Other\n    Id  int32";
        MessageSchema schema = Assert.Single(SchemaParser.Parse("rpc", Text));
        Assert.Equal(["LeaderEntry", "ThingEntry", "Other"], schema.Structs.Select(each => each.ClassName));
    }

    [Fact]
    public void The_text_a_schema_keeps_parses_to_the_same_schema()
    {
        foreach (MessageSchema schema in MessageCatalog.All) Assert.Equal(schema.Text, Assert.Single(SchemaParser.Parse(schema.Kind, schema.Text)).Text);
    }
}
