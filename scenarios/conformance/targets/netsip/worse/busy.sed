s/cb_create => sub .*/cb_invite => sub { $_[1]->create_response(486, "Busy Here") });/
